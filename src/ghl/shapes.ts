import { z } from 'zod';
import { emptyAnswerError } from './errors';
import type { GhlAnswer } from './http';
import type { GhlOperation } from './operations';

/** A text that must be there. */
export const needed = z.string().min(1);

/** A text that may be missing; anything else in its place counts as missing, for GHL's answers stray from its specs. */
export const maybe = z.string().min(1).optional().catch(undefined);

/** The same for true and false. */
export const maybeFlag = z.boolean().optional().catch(undefined);

/** Returns the answer's body in its expected shape; throws `ghl_empty_answer` when a needed field is missing. */
export function readAnswer<Shape>(operation: GhlOperation, shape: z.ZodType<Shape>, answer: GhlAnswer): Shape {
  const read = shape.safeParse(answer.body);
  if (!read.success) throw emptyAnswerError(operation, answer.status, answer.body);
  return read.data;
}
