/** Small readers of JSON that nobody promised a shape for. None of them throws. */

export type JsonRecord = Record<string, unknown>;

/** Returns the value if it is a JSON object, otherwise undefined. */
export function record(value: unknown): JsonRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
}

/** Returns the value if it is a text with something in it, otherwise undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Returns a text, number or boolean as text, `` for anything else: an object may bring a `toString` that is none. */
export function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Returns the value at a path of keys, undefined where it ends early: `at(body, 'data', 'key', 'id')`. */
export function at(value: unknown, ...path: string[]): unknown {
  let current = value;
  for (const key of path) current = record(current)?.[key];
  return current;
}

/**
 * Returns the entries of what should be a list: an array as it is, PHP's array with numbered keys as its values, a
 * single thing as a list of one, nothing as an empty list.
 */
export function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (value === undefined || value === null) return [];
  const keys = Object.keys(record(value) ?? {});
  return keys.length > 0 && keys.every((key) => /^\d+$/.test(key)) ? Object.values(record(value) ?? {}) : [value];
}
