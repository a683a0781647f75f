import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import type { SettingTexts } from './readTexts';
import type { SettingProblem } from './settingsError';

type ConnectionOptions = ClientConnectConfig['connectionOptions'];

/** How to reach Temporal, for the client's and the worker's connection alike. Holds secrets: never log it. */
export interface TemporalSettings {
  /** `host:port`. */
  address: string;
  namespace: string;
  apiKey: string | undefined;
  tls: ConnectionOptions['tls'];
  /** Headers of every call, from TEMPORAL_GRPC_META_*. */
  metadata: ConnectionOptions['metadata'];
}

/** Where Temporal's package looks for its default configuration file. */
const HOME_NAMES = ['HOME', 'XDG_CONFIG_HOME', 'APPDATA'];
const HEADER_PREFIX = 'TEMPORAL_GRPC_META_';

/** Returns what Temporal's own package may see: our checked texts, its free headers, and where the home folder is. */
function temporalEnv(texts: SettingTexts, env: NodeJS.ProcessEnv): Record<string, string> {
  const own = Object.entries(texts).filter(([name]) => name.startsWith('TEMPORAL_'));
  const others = Object.entries(env).filter(([name]) => name.startsWith(HEADER_PREFIX) || HOME_NAMES.includes(name));
  const set = others.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries([...set, ...own]);
}

/**
 * Returns the connection to Temporal as its own package reads it. A configuration file is read only when one is asked
 * for by name: a file forgotten in the home folder must not move a bridge to another server.
 * Throws the package's errors; their texts may quote the file.
 */
export function readTemporal(texts: SettingTexts, env: NodeJS.ProcessEnv): TemporalSettings {
  const wantsFile = texts.TEMPORAL_CONFIG_FILE !== undefined || texts.TEMPORAL_PROFILE !== undefined;
  const { namespace, connectionOptions } = loadClientConnectConfig({
    overrideEnvVars: temporalEnv(texts, env),
    disableFile: texts.BRIDGE_SANDBOX === '1' || !wantsFile,
  });
  const { address, apiKey, tls, metadata } = connectionOptions;
  return {
    address: address ?? '127.0.0.1:7233',
    namespace: namespace ?? 'default',
    apiKey: typeof apiKey === 'string' ? apiKey : undefined,
    tls,
    metadata,
  };
}

const PAIRS = ['CLIENT_CERT', 'CLIENT_KEY', 'SERVER_CA_CERT'].map((stem) => `TEMPORAL_TLS_${stem}`);

function given(texts: SettingTexts, stem: string): boolean {
  return texts[`${stem}_PATH`] !== undefined || texts[`${stem}_DATA`] !== undefined;
}

/** Returns what Temporal's package would drop or refuse without a word that helps. */
export function temporalProblems(texts: SettingTexts): SettingProblem[] {
  const twice = PAIRS.filter((stem) => texts[`${stem}_PATH`] !== undefined && texts[`${stem}_DATA`] !== undefined);
  const problems = twice.map((stem) => ({
    name: `${stem}_PATH`,
    message: `is set together with ${stem}_DATA: remove one`,
  }));
  if (given(texts, 'TEMPORAL_TLS_CLIENT_CERT') !== given(texts, 'TEMPORAL_TLS_CLIENT_KEY')) {
    problems.push({
      name: 'TEMPORAL_TLS_CLIENT_CERT_PATH',
      message: 'needs its key: set both TEMPORAL_TLS_CLIENT_CERT_* and TEMPORAL_TLS_CLIENT_KEY_*, or neither',
    });
  }
  return problems;
}
