import { STATUS_CODES } from 'node:http';
import { asDomainError, type DomainError } from '../../domain/errors';
import type { ListenerStep } from '../step';

/** RFC 9457, with our stable `code` and, for bad input, every bad field. */
export interface Problem {
  type: 'about:blank';
  /** The HTTP status in words. */
  title: string;
  status: number;
  code: string;
  /** A sentence that a person can act on. */
  detail: string;
  errors?: { path: string; message: string }[];
  requestId: string;
}

/** Returns an error as a problem document; nothing but what the error says of itself. */
export function problemOf(error: DomainError, requestId: string): Problem {
  const { status, code, message: detail, errors } = error;
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, code, detail, ...(errors === undefined ? {} : { errors }), requestId };
}

/** Answers every error as problem+json; what is no DomainError becomes `internal` and tells nothing of itself. */
export function problem(): ListenerStep {
  return async (ctx, next) => {
    try {
      await next();
    } catch (thrown) {
      const refusal = asDomainError(thrown);
      ctx.state.refusal = refusal;
      ctx.status = refusal.status;
      ctx.body = problemOf(refusal, ctx.state.requestId);
      ctx.type = 'application/problem+json';
      if (refusal.retryAfterMs !== undefined) ctx.set('Retry-After', String(Math.ceil(refusal.retryAfterMs / 1000)));
    }
  };
}
