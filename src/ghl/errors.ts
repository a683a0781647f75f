import { DomainError } from '../domain/errors';
import { errorWordOf, sentencesOf, traceIdOf } from './body';
import { cleanErrors } from './clean';
import { rowOf } from './errorTable';
import type { WireHeaders } from './exchange';
import { mayDouble, type GhlOperation } from './operations';

/** Longest text of GHL that is looked at, in characters. */
const MAX_SAID = 4_000;

/** Answered to whoever called us when the fault lies with GHL. */
const BAD_GATEWAY = 502;

/** An answer of GHL that is no success. */
export interface RefusedAnswer {
  operation: GhlOperation;
  status: number;
  headers: WireHeaders;
  /** Parsed body; undefined when it was empty or no JSON. */
  body: unknown;
  /** What we had sent and must not show again. */
  privateValues: readonly string[];
}

/**
 * Returns the error for a refusal. Its message names the operation, the HTTP status and GHL's trace id; its `errors`
 * hold GHL's own sentences, cleaned of numbers, addresses, tokens and of what we had sent.
 */
export function refusalError(answer: RefusedAnswer, nowMs = Date.now()): DomainError {
  const { operation, status, headers, body } = answer;
  const sentences = sentencesOf(body);
  const said = [errorWordOf(body), ...sentences].join('\n').slice(0, MAX_SAID);
  const refusal = { operation, status, headers, said, nowMs };
  const row = rowOf(refusal);
  const retry = typeof row.retry === 'function' ? row.retry(refusal) : row.retry;
  return new DomainError(row.code, retry, `${row.words} ${label(operation, String(status), traceIdOf(body))}`, {
    status: BAD_GATEWAY,
    retryAfterMs: row.waitMs?.(refusal),
    benign: row.benign,
    errors: sentences.length === 0 ? undefined : cleanErrors(sentences, answer.privateValues),
  });
}

/**
 * Returns `ghl_unavailable` for an exchange without an answer: ambiguous when a message may have been posted, otherwise
 * safe to try later. The cause is only its code word; the transport's own error may quote what was sent.
 */
export function transportError(operation: GhlOperation, failure: { code: string; written: boolean }): DomainError {
  const retry = failure.written && mayDouble(operation) ? 'ambiguous' : 'later';
  const message = `GHL gave no answer. ${label(operation, failure.code)}`;
  return new DomainError('ghl_unavailable', retry, message, { status: BAD_GATEWAY });
}

/**
 * Returns `ghl_empty_answer` for a 2xx without the ids that make it a success (a 201 with an empty body has been
 * observed for a message that was not stored): ambiguous for a posted message, otherwise to be tried later.
 */
export function emptyAnswerError(operation: GhlOperation, status: number, body: unknown): DomainError {
  const retry = mayDouble(operation) ? 'ambiguous' : 'later';
  const message = `GHL answered without the ids that it promises. ${label(operation, String(status), traceIdOf(body))}`;
  return new DomainError('ghl_empty_answer', retry, message, { status: BAD_GATEWAY });
}

function label(operation: GhlOperation, what: string, traceId?: string): string {
  return traceId === undefined ? `[${operation} ${what}]` : `[${operation} ${what}, GHL trace ${traceId}]`;
}
