import type { Middleware } from 'koa';
import type { DomainError } from '../domain/errors';

/** What every request carries. */
export interface RequestState {
  requestId: string;
  /** When the last byte of the body was read, by `performance.now()`; the acknowledgement is timed from here. */
  bodyReadAt?: number;
  /** What the request was refused with. */
  refusal?: DomainError;
}

/** A middleware of the whole listener. */
export type ListenerStep = Middleware<RequestState>;

/**
 * A middleware of a route: what it needs from the steps before it, and what it gives to those after it, is `State`.
 * (Not the router's own type: through its reference to the router that fits one exact state only.)
 */
export type Step<State = object> = Middleware<RequestState & State, { params: Record<string, string> }>;
