/**
 * Returns a value that the logic around it guarantees. Throws a plain Error (a fault of ours, never of an input) naming
 * what is missing, where a mere assertion would go on with nothing.
 */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Missing: ${what}.`);
  return value;
}
