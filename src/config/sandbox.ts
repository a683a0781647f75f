import type { ReadTexts, SettingTexts } from './readTexts';
import { sandboxKey } from './sandboxKey';
import type { SettingProblem } from './settingsError';

/** Where the sandbox keeps its key. */
export const SANDBOX_DIR = './data';

/**
 * What a sandbox may leave out. Known to everybody, so never used outside of it. The admin token is a fixed word on
 * purpose: `ops` finds it without being told, and a web page can not send it across origins unasked.
 */
const SANDBOX_TEXTS: SettingTexts = {
  ADMIN_TOKEN: 'sandbox',
  GHL_CLIENT_ID: 'sandboxapp-client',
  GHL_CLIENT_SECRET: 'sandbox-client-secret',
  GHL_PROVIDERS: JSON.stringify([
    { id: 'sandbox-sms', channel: 'sms', mode: 'default', deliverySecrets: ['sandbox-delivery'] },
  ]),
  ENDPOINT_SECRET: 'sandbox-endpoint',
};

/** Returns the texts with the sandbox's own where the environment has none; with BRIDGE_SANDBOX not `1` unchanged. */
export function withSandboxTexts({ texts, problems }: ReadTexts, dir: string): ReadTexts {
  if (texts.BRIDGE_SANDBOX !== '1') return { texts, problems };
  const key = texts.ENCRYPTION_KEYS === undefined ? keyFrom(dir) : {};
  const filled = { ...SANDBOX_TEXTS, PUBLIC_URL: localUrl(texts.PORT), ...key.texts, ...texts };
  return { texts: filled, problems: [...problems, ...(key.problems ?? [])] };
}

/** A port that is not one is told under its own name, not also under PUBLIC_URL. */
function localUrl(port = '3000'): string {
  const url = `http://127.0.0.1:${port}`;
  return URL.canParse(url) ? url : 'http://127.0.0.1';
}

function keyFrom(dir: string): { texts?: SettingTexts; problems?: SettingProblem[] } {
  try {
    return { texts: { ENCRYPTION_KEYS: sandboxKey(dir) } };
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const message = `the sandbox can not keep its key in ${dir} (${code}): make the folder writable, or set a key`;
    return { problems: [{ name: 'ENCRYPTION_KEYS', message }] };
  }
}
