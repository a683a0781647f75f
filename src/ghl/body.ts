/** Reading of GHL's answer bodies, whose shapes vary and which may be HTML, empty or wrapped. Nothing here throws. */

/** Returns the parsed JSON, or undefined for an empty body and for anything that is not JSON. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Returns a property of an object, or undefined when `value` is no object or lacks it. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === 'object' && value !== null) return textsOf(property(value, 'message'));
  return [];
}

/**
 * Returns GHL's sentences about a failure: `message` as text, list (422) or object, `error.message` (the newer lists)
 * and `error_description`. Not cleaned.
 */
export function sentencesOf(body: unknown): string[] {
  const error = property(body, 'error');
  const inner = typeof error === 'string' ? [] : textsOf(error);
  return [...textsOf(property(body, 'message')), ...inner, ...textsOf(property(body, 'error_description'))];
}

/** Returns the short error word of a body (`"error": "Unauthorized"`, `"invalid_client"`), or an empty text. */
export function errorWordOf(body: unknown): string {
  const error = property(body, 'error');
  return typeof error === 'string' ? error : '';
}

/** Returns GHL's trace id, which its support asks for, or undefined when there is none or it is not a plain word. */
export function traceIdOf(body: unknown): string | undefined {
  const trace = property(body, 'traceId');
  const isPlain = typeof trace === 'string' && /^(?=.*[A-Za-z])[A-Za-z0-9-]{6,64}$/.test(trace);
  return isPlain ? trace : undefined;
}
