import { readFileSync } from 'node:fs';
import type { SettingRow } from './schema';
import type { SettingProblem } from './settingsError';

/** The text of each setting that is set, by environment name. */
export type SettingTexts = Record<string, string>;

/** What the environment says, and what could not be read of it. */
export interface ReadTexts {
  texts: SettingTexts;
  problems: SettingProblem[];
}

/** White space around a value never counts; the empty text is "not set", but for the settings where it means off. */
function textOf(env: NodeJS.ProcessEnv, name: string, emptyIsValue = false): string | undefined {
  const text = env[name]?.trim();
  return text === '' && !emptyIsValue ? undefined : text;
}

/** The path is not repeated in the problem: a secret put into the wrong variable would be printed. */
function readText(path: string, name: string): { text: string } | { problem: string } {
  try {
    return { text: readFileSync(path, 'utf8').trim() };
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    return { problem: `${name}_FILE names a file that can not be read (${code}): correct the path or its rights` };
  }
}

function readOne(env: NodeJS.ProcessEnv, { name, emptyIsValue }: SettingRow): { text?: string; problem?: string } {
  const text = textOf(env, name, emptyIsValue);
  const path = textOf(env, `${name}_FILE`);
  if (path === undefined) return { text };
  if (text !== undefined) return { problem: `is set twice: remove ${name} or ${name}_FILE` };
  const file = readText(path, name);
  if ('text' in file && file.text === '' && emptyIsValue !== true) {
    return { problem: `${name}_FILE names an empty file: put the value into it` };
  }
  return file;
}

/** Returns the texts of the given settings, each from its variable `NAME` or from the file that `NAME_FILE` names. */
export function readTexts(env: NodeJS.ProcessEnv, settings: readonly SettingRow[]): ReadTexts {
  const texts: SettingTexts = {};
  const problems: SettingProblem[] = [];
  for (const setting of settings) {
    const { text, problem } = readOne(env, setting);
    if (text !== undefined) texts[setting.name] = text;
    if (problem !== undefined) problems.push({ name: setting.name, message: problem });
  }
  return { texts, problems };
}
