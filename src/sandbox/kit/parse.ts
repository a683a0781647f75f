import type { z } from 'zod';
import { invalidInput } from '../../domain/errors';

/** Returns the value as the schema has it. Throws DomainError `invalid_input` that names every bad field. */
export function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidInput(result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
}
