import type { FieldError } from '../domain/errors';

/** Longest piece of GHL's own words that is kept and that is read, in characters, and how many pieces. */
const MAX_LENGTH = 200;
const MAX_READ = 2_000;
const MAX_PIECES = 10;

/** What must never be shown, and the word that stands in its place. Order matters: the widest pattern first. */
const PATTERNS: [RegExp, string][] = [
  [/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '[address]'],
  [/\S+@\S+/g, '[e-mail]'],
  [/\bbearer\s+\S+/gi, '[secret]'],
  [/\beyJ[\w-]+(\.[\w-]*)*/g, '[secret]'],
  [/[\w+/=-]{32,}/g, '[secret]'],
  [/\+?\d(?:[\s().-]{0,3}\d){6,}/g, '[number]'],
];

/**
 * Returns the text without addresses, e-mail addresses, tokens, phone numbers and without every one of `privateValues`
 * (what we had sent: GHL echoes values in validation messages), cut to 200 characters.
 */
export function cleanText(text: string, privateValues: readonly string[] = []): string {
  const longestFirst = [...privateValues].sort((a, b) => b.length - a.length);
  const withoutValues = longestFirst.reduce(
    (rest, value) => rest.replaceAll(value, '[value]'),
    text.slice(0, MAX_READ),
  );
  const clean = PATTERNS.reduce((rest, [pattern, word]) => rest.replace(pattern, word), withoutValues);
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}…` : clean;
}

/** Returns at most ten of GHL's own sentences, cleaned, as field errors of the path `ghl`. */
export function cleanErrors(sentences: readonly string[], privateValues: readonly string[]): FieldError[] {
  return sentences
    .slice(0, MAX_PIECES)
    .map((sentence) => ({ path: 'ghl', message: cleanText(sentence, privateValues) }));
}

/** Fields whose values are ids or words of an enumeration: useful in an error, and nobody's secret. */
const PUBLIC_FIELDS = /Id$|^(type|status|direction|date|limit|grant_type|user_type|client_id)$/;

/**
 * Returns every text of a request that must not come back in an error: all values but ids and enumeration words, in
 * every spelling. Texts of one or two characters are left out; they would blot out half a sentence.
 */
export function privateValuesOf(...parts: unknown[]): string[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string' && value.length > 2) spellings(value).forEach((text) => found.add(text));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) if (!PUBLIC_FIELDS.test(key)) walk(inner);
    }
  };
  parts.forEach(walk);
  return [...found];
}

/** As it is, as JSON writes it, as JSON quoted in JSON has it (GHL's services quote one another), in a URL, in a form. */
function spellings(value: string): string[] {
  const json = jsonText(value);
  return [
    value,
    json,
    jsonText(json),
    encodeURIComponent(value),
    new URLSearchParams([['', value]]).toString().slice(1),
  ];
}

function jsonText(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}
