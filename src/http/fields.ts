import { z } from 'zod';

/** Longest id from outside: the store's columns and the workflow ids built from two of them have to hold it. */
const LONGEST_ID = 190;

const said = (meaning: string) => (issue: { input?: unknown }) =>
  issue.input === undefined || issue.input === null ? `is required: ${meaning}` : 'must be a text';

/** An id that must be there: printable ASCII without spaces, as every id of GHL and of the gateways is. */
export function neededId(meaning: string) {
  return z
    .string({ error: said(meaning) })
    .min(1, `must not be empty: ${meaning}`)
    .max(LONGEST_ID, `must be at most ${LONGEST_ID} characters`)
    .regex(/^[\x21-\x7e]*$/, 'must be letters, digits and signs without spaces');
}

/** A text that must be there. */
export function neededText(meaning: string, longest: number) {
  return z
    .string({ error: said(meaning) })
    .min(1, `must not be empty: ${meaning}`)
    .max(longest, `must be at most ${longest} characters`);
}

/** A text that may be missing or null. */
export const maybeText = z
  .string({ error: 'must be a text, or left out' })
  .nullish()
  .transform((text) => text ?? undefined);

/** An id that may be missing, null or empty. */
export const maybeId = maybeText
  .transform((text) => (text === '' ? undefined : text))
  .refine((text) => text === undefined || (text.length <= LONGEST_ID && /^[\x21-\x7e]*$/.test(text)), {
    error: `must be at most ${LONGEST_ID} letters, digits and signs without spaces, or left out`,
  });

/** What is said of a body that is no object. */
export const OBJECT_MEND = { error: 'must be a JSON object' };
