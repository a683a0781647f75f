import type { z } from 'zod';
import type { Reply } from '../kit/answer';
import type { SandboxRequest } from '../kit/http';
import { refuse } from './replies';

/** A checked body, or the answer that refuses it. */
export type Checked<T> = { ok: true; value: T } | { ok: false; reply: Reply };

type Issue = z.core.$ZodIssue;

function wordsOf(issue: Issue): string[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `property ${[...issue.path, key].join('.')} should not exist`);
  }
  if (issue.code === 'invalid_value') {
    return [`${path} must be one of the following values: ${issue.values.join(', ')}`];
  }
  if (issue.code === 'invalid_type') return [`${path || 'body'} must be a ${issue.expected}`];
  return [`${path || 'body'}: ${issue.message}`];
}

/** Returns the value as the schema has it, or GHL's 422 with one sentence for each bad property. */
export function check<T extends z.ZodType>(schema: T, value: unknown): Checked<z.output<T>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, reply: refuse(422, parsed.error.issues.flatMap(wordsOf)) };
}

/** Returns the JSON body of a request as the schema has it; 400 when it is no JSON, 422 for bad properties. */
export function checkJson<T extends z.ZodType>(schema: T, request: SandboxRequest): Checked<z.output<T>> {
  const body = jsonOf(request);
  return body === undefined ? { ok: false, reply: refuse(400, 'Unexpected token in JSON') } : check(schema, body);
}

/** Returns the JSON body of a request, or undefined when it has none. */
export function jsonOf(request: SandboxRequest): unknown {
  try {
    return JSON.parse(request.body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
