import { z } from 'zod';

/** Longest id from outside, as it is (the store's columns) and URI-encoded (workflow ids are built from two of them). */
const LONGEST_ID = 190;
const LONGEST_ENCODED_ID = 240;

/** Each sign that URI encoding does not keep becomes three. */
function encodedLength(text: string): number {
  return text.length + 2 * (text.match(/[^\w.!~*'()-]/g)?.length ?? 0);
}

const said = (meaning: string) => (issue: { input?: unknown }) =>
  issue.input === undefined || issue.input === null ? `is required: ${meaning}` : 'must be a text';

/** An id that must be there: printable ASCII without spaces, as every id of GHL and of the gateways is. */
export function neededId(meaning: string) {
  return z
    .string({ error: said(meaning) })
    .min(1, `must not be empty: ${meaning}`)
    .max(LONGEST_ID, `must be at most ${LONGEST_ID} characters`)
    .regex(/^[\x21-\x7e]*$/, 'must be letters, digits and signs without spaces')
    .refine((text) => encodedLength(text) <= LONGEST_ENCODED_ID, 'must hold fewer signs that are no letters or digits');
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
