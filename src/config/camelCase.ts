/** The camelCase of an environment name, as a type: `PACE_TEXT_MS` is `paceTextMs`. */
export type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>;

/** An object keyed by environment names, keyed by their camelCase instead. */
export type CamelKeys<T> = { [K in keyof T as K extends string ? CamelCase<K> : never]: T[K] };

/** Returns the camelCase of an environment name. */
export function camelCase(name: string): string {
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Returns a copy of the object with each key in camelCase. */
export function camelKeys<T extends object>(values: T): CamelKeys<T> {
  const renamed = Object.entries(values as Record<string, unknown>).map(([name, value]) => [camelCase(name), value]);
  return Object.fromEntries(renamed) as CamelKeys<T>;
}
