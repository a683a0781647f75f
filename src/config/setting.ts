import { z } from 'zod';

/** What a person reads about a setting; kept with its schema, so that the docs table can not drift from the code. */
export interface SettingMeta {
  /** One line. */
  meaning: string;
  /** The default in Markdown: the text itself as code, `none`, or where it comes from. */
  fallback: string;
  /** True: the empty text is a value ("off") instead of "not set". */
  emptyIsValue?: boolean;
}

/** The meaning and default of every setting, by its schema. */
export const settingMeta = z.registry<SettingMeta>();

function code(text: string): string {
  return `\`${text}\``;
}

/** How the text of an environment variable becomes a value. */
export type TextSchema<T> = z.ZodType<T, string>;

/**
 * Returns the schema of a setting that has a default. The default is written as the text that one would set, and goes
 * through the same checks; `shown` replaces it in the docs where it is long.
 */
export function withDefault<T>(schema: TextSchema<T>, fallback: string, meaning: string, shown = code(fallback)) {
  return z.string().default(fallback).pipe(schema).register(settingMeta, { meaning, fallback: shown });
}

/** Like `withDefault`, for a setting whose empty text means "off". */
export function withDefaultOrOff<T>(schema: TextSchema<T>, fallback: string, meaning: string) {
  const shown = fallback === '' ? 'empty (off)' : code(fallback);
  return z.string().default(fallback).pipe(schema).register(settingMeta, {
    meaning,
    fallback: shown,
    emptyIsValue: true,
  });
}

/** Returns the schema of a setting that may be missing: the value, or undefined. */
export function optional<T>(schema: TextSchema<T>, meaning: string, shown = 'none') {
  return schema.optional().register(settingMeta, { meaning, fallback: shown });
}

/**
 * Returns the schema of a setting that must be set. The sandbox brings its own value for each of these (see
 * sandbox.ts), put in before validation; so the value is never undefined.
 */
export function required<T>(schema: TextSchema<T>, meaning: string) {
  return z
    .string({ error: `is required: ${meaning}` })
    .pipe(schema)
    .register(settingMeta, { meaning, fallback: '**required**' });
}
