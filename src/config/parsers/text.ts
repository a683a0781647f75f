import { z } from 'zod';
import type { TextSchema } from '../setting';

/**
 * Returns a schema from a plain function: what it returns is the value, `undefined` means that the text is not valid
 * and is answered with `mend`. The text itself never appears in the message: it may be a secret.
 */
export function parsed<T>(mend: string, parse: (text: string) => T | undefined): TextSchema<T> {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: mend });
    return z.NEVER;
  });
}

/** Any text that is not empty. */
export const anyText: TextSchema<string> = z.string().min(1, 'must not be empty');

/** Returns the schema of a whole number between two bounds, both allowed. */
export function wholeNumber(min: number, max: number): TextSchema<number> {
  return parsed(`must be a whole number from ${min} to ${max}`, (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    return value >= min && value <= max ? value : undefined;
  });
}

/** A TCP port; 0 lets the system choose one. */
export const port = wholeNumber(0, 65_535);

/** Timers of this process can not wait longer: Node takes a signed 32-bit number of milliseconds. */
const LONGEST_TIMER_MS = 2_147_483_647;
const YEAR_MS = 31_536_000_000;

/** Milliseconds of a loop or a timer in this process, at least 1. */
export const interval = wholeNumber(1, LONGEST_TIMER_MS);

/** Milliseconds of a wait that lives in the store or in Temporal, 0 to a year. */
export const longWait = wholeNumber(0, YEAR_MS);

/** Returns the schema of one word out of a fixed list. */
export function oneOf<const T extends string>(...words: T[]): TextSchema<T> {
  return parsed(`must be one of: ${words.join(', ')}`, (text) => words.find((word) => word === text));
}

/** `true` or `false`. */
export const trueOrFalse: TextSchema<boolean> = oneOf('true', 'false').transform((word) => word === 'true');

/** `1` or `0`. */
export const oneOrZero: TextSchema<boolean> = oneOf('1', '0').transform((word) => word === '1');

/** Words between commas, white space around them dropped; at least one, none twice. */
export const commaList = parsed('must be one or more values between commas, none empty and none twice', (text) => {
  const items = text.split(',').map((item) => item.trim());
  return items.includes('') || new Set(items).size < items.length ? undefined : items;
});

/** Words between white space. */
export const spaceList = parsed('must be one or more words between spaces', (text) => {
  const items = text.split(/\s+/).filter((item) => item !== '');
  return items.length === 0 ? undefined : items;
});
