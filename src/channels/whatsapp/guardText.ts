/** U+01C0, a letter that looks like the pipe. */
const LOOK_ALIKE_PIPE = '\u01c0';
/** Word joiner: no width, no line break. */
const INVISIBLE = '\u2060';

/** How many more encoded bytes a character may take once it is guarded. */
export const GUARD_BYTES: Readonly<Record<string, number>> = { '|': 3, '%': 9 };

/** Up to the first character that no address has (RFC 3986): in many scripts nothing stands between it and the next word. */
const ADDRESS = /(?:https?:\/\/|www\.)[\w\-.~:/?#[\]@!$&'()*+,;=%|{}]+/gi;
const PARAMETER = /%(?=[\p{L}_][\p{L}\p{N}_]*%)/gu;
/** In an address two hex digits behind a percent sign are one of its bytes. */
const PARAMETER_IN_ADDRESS = /%(?![\da-f]{2})(?=[\p{L}_][\p{L}\p{N}_]*%)/giu;

/**
 * Returns the text as it must be written so that it arrives as it was typed. The gateway picks one of `{a|b}` at
 * random and fills in `%name%` (Waapify API behaviour): nothing but another character in place of the pipe keeps a
 * choice from being one, so a look-alike takes it; an invisible mark breaks a parameter's name. Addresses stay as they
 * are but for a pipe inside braces, and so do texts without either. `echoText` undoes both.
 */
export function guardText(text: string): string {
  return guardParameters(guardChoices(text));
}

/** A choice needs a pair of braces around its pipe, however deep they are nested. */
function guardChoices(text: string): string {
  const guarded = Array.from(text);
  const open: number[] = [];
  guarded.forEach((character, at) => {
    if (character === '{') open.push(at);
    if (character !== '}') return;
    const from = open.pop();
    if (from === undefined) return;
    for (let inside = from; inside < at; inside++) if (guarded[inside] === '|') guarded[inside] = LOOK_ALIKE_PIPE;
  });
  return guarded.join('');
}

function guardParameters(text: string): string {
  let guarded = '';
  let from = 0;
  for (const { index, 0: address } of text.matchAll(ADDRESS)) {
    guarded += mark(text.slice(from, index)) + address.replace(PARAMETER_IN_ADDRESS, `%${INVISIBLE}`);
    from = index + address.length;
  }
  return guarded + mark(text.slice(from));
}

function mark(text: string): string {
  return text.replace(PARAMETER, `%${INVISIBLE}`);
}
