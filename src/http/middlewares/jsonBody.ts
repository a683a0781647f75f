import { invalidInput } from '../../domain/errors';
import type { Step } from '../step';
import type { RawState } from './rawBody';

export interface JsonState {
  json: unknown;
}

/** No caller of ours nests deeper than a few levels. */
const DEEPEST = 32;

/** Parses the raw body as JSON. Refuses what is none, or is nested too deep, with 400. */
export function jsonBody(): Step<RawState & JsonState> {
  return async (ctx, next) => {
    ctx.state.json = parse(ctx.state.raw);
    await next();
  };
}

function parse(raw: Buffer): unknown {
  const text = raw.toString('utf8').replace(/^\uFEFF/, '');
  if (depthOf(text) > DEEPEST) throw unusable(`is nested deeper than ${DEEPEST} levels: send a flat JSON object`);
  try {
    return JSON.parse(text);
  } catch {
    throw unusable('is not JSON: send a JSON object');
  }
}

/** The path is empty: it is the body as a whole. */
function unusable(message: string): Error {
  return invalidInput([{ path: '', message }]);
}

/** Returns how deep brackets are nested outside of texts; measured before parsing, which would build it all. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [mark] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"?|[[\]{}]/gs)) {
    if (mark === '[' || mark === '{') deepest = Math.max(deepest, ++depth);
    else if (mark === ']' || mark === '}') depth -= 1;
  }
  return deepest;
}
