import { text } from '../json';

const MAX_NAME_LENGTH = 200;

/** Halves of a character, as a cut leaves them: no database and no JSON of others takes them. */
const HALVES = /\p{Cs}/gu;

/** Returns a name that somebody gave: one line of moderate length. Undefined when there is none. */
export function cleanName(value: unknown): string | undefined {
  const name = text(value)
    ?.replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME_LENGTH)
    .replace(HALVES, '');
  return name === '' ? undefined : name;
}
