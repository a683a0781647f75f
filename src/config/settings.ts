import type { z } from 'zod';
import { camelKeys, type CamelKeys } from './camelCase';
import { RESUME_PATH } from './groups/ghl';
import { readTexts } from './readTexts';
import { checkTemporal, listenerProblems } from './rules';
import { SANDBOX_DIR, withSandboxTexts } from './sandbox';
import { SETTINGS_TABLE, settingsSchema, type EnvValues } from './schema';
import { SettingsError, type SettingProblem } from './settingsError';
import type { TemporalSettings } from './temporal';

type Plain = CamelKeys<OwnValues>;
type OwnValues = Omit<EnvValues, `TEMPORAL_${string}`>;

/**
 * Every setting under the camelCase of its environment name, parsed (`paceTextMs` is `{minMs, maxMs}`); Temporal's own
 * are together under `temporal`. Addresses end without a slash. Holds secrets: never log it.
 */
export type Settings = Readonly<
  Omit<Plain, 'ghlResumeUrl'> & {
    ghlResumeUrl: string;
    temporal: TemporalSettings;
  }
>;

/** Where things are kept that settings themselves need. */
export interface LoadOptions {
  /** Folder of the sandbox's key, `./data` unless told. */
  sandboxDir?: string;
}

/**
 * Returns the settings that an environment holds. Reads the files that NAME_FILE variables name; in the sandbox it may
 * write the sandbox's key. Throws SettingsError with every problem at once.
 */
export function loadSettings(env: NodeJS.ProcessEnv, options: LoadOptions = {}): Settings {
  const { texts, problems } = withSandboxTexts(readTexts(env, SETTINGS_TABLE), options.sandboxDir ?? SANDBOX_DIR);
  const result = settingsSchema.safeParse(texts);
  const connection = checkTemporal(texts, env);
  if (!result.success) addNew(problems, result.error.issues.map(problemOf));
  if ('problems' in connection) addNew(problems, connection.problems);
  addNew(problems, listenerProblems(texts));
  if (!result.success || !('temporal' in connection) || problems.length > 0) throw new SettingsError(problems);
  return settingsFrom(result.data, connection.temporal);
}

/** A setting that an earlier step found wrong is not told again: what could not be read is not also missing. */
function addNew(problems: SettingProblem[], more: readonly SettingProblem[]): void {
  const told = new Set(problems.map(({ name }) => name));
  problems.push(...more.filter(({ name }) => !told.has(name)));
}

/** `GHL_PROVIDERS`, 0, `channel` becomes the name and `[0].channel: ...`. */
function problemOf({ path, message }: z.core.$ZodIssue): SettingProblem {
  const [name, ...rest] = path;
  const within = rest.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return { name: String(name), message: within === '' ? message : `${within}: ${message}` };
}

function settingsFrom(values: EnvValues, temporal: TemporalSettings): Settings {
  const plain = camelKeys(ownValues(values));
  return { ...plain, ghlResumeUrl: plain.ghlResumeUrl ?? `${plain.ghlApiUrl}${RESUME_PATH}`, temporal };
}

/** Temporal's own are in the connection already; left out, an API key is not there twice. */
function ownValues(values: EnvValues): OwnValues {
  const own = Object.entries(values).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return Object.fromEntries(own) as OwnValues;
}
