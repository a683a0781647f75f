/** Returns the parsed JSON of a webhook body, undefined when it is none. */
export function readBody(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
