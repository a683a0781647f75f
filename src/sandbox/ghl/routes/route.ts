import type { Reply } from '../../kit/answer';
import type { SandboxRequest } from '../../kit/http';
import type { RouteKey } from '../../kit/router';
import type { Audience } from '../access';
import type { Operation } from '../faults';
import type { GhlState } from '../records/state';
import type { TokenPair } from '../records/tokens';

/** What a handler works with; `token` is there on every route that asks for one. */
export interface Call {
  state: GhlState;
  request: SandboxRequest;
  params: Record<string, string>;
  token: TokenPair | undefined;
  /** The location of the token; empty for a company token and on open routes. */
  locationId: string;
}

/** One operation of the imitated API. Without `access` it is open: OAuth pages and the token endpoint. */
export interface GhlRoute extends RouteKey {
  operation: Operation;
  access?: { audience: Audience; scope: string };
  handle(call: Call): Reply | Promise<Reply>;
}
