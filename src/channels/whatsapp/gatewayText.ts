const MAX_LENGTH = 200;
/** Shorter secrets would tear ordinary words apart. */
const MIN_SECRET_LENGTH = 4;

/** In this order: an address may hold an id, a jid holds a number. */
const REDACTIONS: readonly (readonly [RegExp, string])[] = [
  [/<[^>]*>/g, ' '],
  [/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '[address]'],
  [/\S+@\S+/g, '[contact]'],
  [/\b[A-Za-z0-9+/_-]{40,}={0,2}/g, '[id]'],
  [/\b(?=[0-9a-f]*[a-f])[0-9a-f]{12,}\b/gi, '[id]'],
  [/\+?\p{Nd}(?:[\s().\p{Pd}]*\p{Nd}){6,}/gu, '[number]'],
  [/[\s\p{Cc}]+/gu, ' '],
];

/**
 * Returns a text of the gateway that may be shown and logged: one line, at most 200 characters, without addresses,
 * numbers and ids; `secrets` are known private texts (token, number, message), replaced wherever they stand.
 */
export function cleanGatewayText(raw: string, secrets: readonly string[] = []): string {
  let cleaned = raw;
  for (const secret of secrets) {
    if (secret.length >= MIN_SECRET_LENGTH) cleaned = cleaned.replaceAll(secret, '[private]');
  }
  for (const [pattern, word] of REDACTIONS) cleaned = cleaned.replace(pattern, word);
  cleaned = cleaned.trim();
  return cleaned.length > MAX_LENGTH ? `${cleaned.slice(0, MAX_LENGTH - 1)}…` : cleaned;
}
