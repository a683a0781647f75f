const MAX_LENGTH = 200;
/** Shorter secrets would tear ordinary words apart. */
const MIN_SECRET_LENGTH = 4;

/** More than this says nothing more. */
const MAX_READ = 2_000;
/** A piece of a private text that is this long is no accident: gateways quote the beginning of what they refuse. */
const MIN_PIECE_LENGTH = 10;

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
  let cleaned = raw.slice(0, MAX_READ);
  for (const secret of secrets) {
    if (secret.length >= MIN_SECRET_LENGTH) cleaned = withoutPieces(cleaned.replaceAll(secret, '[private]'), secret);
  }
  for (const [pattern, word] of REDACTIONS) cleaned = cleaned.replace(pattern, word);
  cleaned = cleaned.trim();
  return cleaned.length > MAX_LENGTH ? `${cleaned.slice(0, MAX_LENGTH - 1)}…` : cleaned;
}

/** Returns the text without the pieces that it quotes of a private one, each as long as it goes. */
function withoutPieces(text: string, secret: string): string {
  let kept = '';
  for (let at = 0; at < text.length;) {
    const length = quotedAt(text, at, secret);
    kept += length === 0 ? text.charAt(at) : '[private]';
    at += Math.max(length, 1);
  }
  return kept;
}

function quotedAt(text: string, at: number, secret: string): number {
  if (!secret.includes(text.slice(at, at + MIN_PIECE_LENGTH)) || at + MIN_PIECE_LENGTH > text.length) return 0;
  let length = MIN_PIECE_LENGTH;
  while (at + length < text.length && secret.includes(text.slice(at, at + length + 1))) length += 1;
  return length;
}
