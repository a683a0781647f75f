import type { z } from 'zod';
import { invalidInput, type FieldError } from '../../domain/errors';
import type { Step } from '../step';
import type { JsonState } from './jsonBody';

export interface InputState<Input> {
  /** The body in the shape of the route's schema. */
  input: Input;
}

/** Validates the JSON body. Refuses a bad one (400 unless told) and names every bad field, with the schema's own words. */
export function validate<Input>(schema: z.ZodType<Input>, status = 400): Step<JsonState & InputState<Input>> {
  return async (ctx, next) => {
    const result = schema.safeParse(ctx.state.json);
    if (!result.success) throw invalidInput(result.error.issues.flatMap(fieldErrors), { status });
    ctx.state.input = result.data;
    await next();
  };
}

/** A name that nobody knows may be anybody's text: only a plain word of it is repeated. */
function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
  const names = issue.keys.map((key) => (/^[A-Za-z]\w{0,39}$/.test(key) ? key : '*'));
  return names.map((name) => ({
    path: [...path, name].join('.'),
    message: 'is not known: remove it or correct its name',
  }));
}
