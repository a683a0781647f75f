/**
 * The one module of domain errors. Every error that leaves a module of ours is a DomainError: a stable `code`, whether
 * and when to try again, and a message that is safe to show (no phone number, text, token or media address in it).
 * Mapped to problem+json in src/http/middlewares/problem.ts and to ApplicationFailure in src/temporal/activityErrors.ts.
 */

/**
 * never: the same call will fail again. later: trying again is safe and may help.
 * ambiguous: the effect may have happened; repeating it blindly may double it.
 */
export type Retry = 'never' | 'later' | 'ambiguous';

/** One bad field of an input: `path` in dots (`attachments.0`), `message` names the mend. */
export interface FieldError {
  path: string;
  message: string;
}

export interface DomainErrorOptions {
  /** HTTP status when this error answers a request; 500 when absent. */
  status?: number;
  /** Wait at least this many milliseconds before the next try (retry: later). */
  retryAfterMs?: number;
  /** True where the failure is an expected turn of events: kept out of error logs and metrics. */
  benign?: boolean;
  /** Every bad field, for answers to bad input. */
  errors?: FieldError[];
  cause?: unknown;
}

export class DomainError extends Error {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly benign: boolean;
  readonly errors: FieldError[] | undefined;

  constructor(
    /** Stable, snake_case; clients and alerts key on it. */
    readonly code: string,
    readonly retry: Retry,
    /** A sentence that is safe to show and log. */
    message: string,
    options: DomainErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.status = options.status ?? 500;
    this.retryAfterMs = options.retryAfterMs;
    this.benign = options.benign ?? false;
    this.errors = options.errors;
  }
}

/** Bad input, with every bad field named: 400, or 422 where the contract says so. */
export function invalidInput(
  errors: FieldError[],
  { message = 'The request body is not valid.', status = 400 }: { message?: string; status?: number } = {},
): DomainError {
  return new DomainError('invalid_input', 'never', message, { status, errors });
}

/** 404 that does not tell whether the thing exists for somebody else. */
export function notFound(what: string): DomainError {
  return new DomainError('not_found', 'never', `There is no such ${what}.`, { status: 404 });
}

/** 409: the thing is in a state that does not allow this. */
export function conflict(code: string, message: string): DomainError {
  return new DomainError(code, 'never', message, { status: 409 });
}

/** Returns the error as a DomainError; what is not one becomes `internal`, its own text kept only as the cause. */
export function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return new DomainError('internal', 'later', 'Something went wrong on our side.', { cause: error });
}
