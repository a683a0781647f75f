import { hostOfHostPort, isLoopbackHost } from './parsers/address';
import type { SettingTexts } from './readTexts';
import type { SettingProblem } from './settingsError';
import { readTemporal, temporalProblems, type TemporalSettings } from './temporal';

/** A Temporal connection, or why there is none. */
export type TemporalResult = { temporal: TemporalSettings } | { problems: SettingProblem[] };

/** Returns the connection to Temporal, or every problem with it. */
export function checkTemporal(texts: SettingTexts, env: NodeJS.ProcessEnv): TemporalResult {
  const problems = temporalProblems(texts);
  if (problems.length > 0) return { problems };
  try {
    const temporal = readTemporal(texts, env);
    const sandboxed = texts.BRIDGE_SANDBOX !== '1' || isLoopbackAddress(temporal.address);
    return sandboxed ? { temporal } : { problems: [SANDBOX_NEEDS_LOOPBACK] };
  } catch (error) {
    return { problems: [unreadable(error)] };
  }
}

const SANDBOX_NEEDS_LOOPBACK: SettingProblem = {
  name: 'TEMPORAL_ADDRESS',
  message: 'must be a loopback address (as 127.0.0.1:7233) while BRIDGE_SANDBOX is 1',
};

function isLoopbackAddress(address: string): boolean {
  return isLoopbackHost(hostOfHostPort(address) ?? '');
}

/** Only the system's code is told: the package's words may quote a configuration file that holds an API key. */
function unreadable(error: unknown): SettingProblem {
  const { code } = error as NodeJS.ErrnoException;
  const why = typeof code === 'string' ? ` (${code})` : '';
  return {
    name: 'TEMPORAL_*',
    message: `a file or profile that they name can not be used${why}: check the TEMPORAL_TLS_*_PATH and TEMPORAL_CONFIG_FILE settings`,
  };
}

/** Returns what is wrong between settings that are each valid. */
export function listenerProblems(texts: SettingTexts): SettingProblem[] {
  const port = Number(texts.PORT ?? '3000');
  const same = port !== 0 && port === Number(texts.ADMIN_PORT ?? '3001');
  const message = 'must differ from PORT: the admin listener is never the public one';
  return same ? [{ name: 'ADMIN_PORT', message }] : [];
}
