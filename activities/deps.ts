import type { App } from '../src/app';
import type { Scope } from '../src/store/context';
import type { RunStanding } from '../src/temporal/runs';
import type { TokenProofs } from './tokenProofs';

/** What activities need beyond the app itself. */
export interface ActivityDeps {
  app: Pick<App, 'settings' | 'store' | 'ghl' | 'gateway' | 'media' | 'starter' | 'logger' | 'metrics'>;
  /** Aborted when the process shuts down: nothing new is claimed, sitters leave. */
  draining: AbortSignal;
  /** Which tokens GHL has taken. */
  proofs: TokenProofs;
  /** Returns how an activity's own run stands in Temporal. Throws when Temporal does not answer. */
  standingOfRun(workflowId: string, runId: string): Promise<RunStanding>;
}

/** Returns the tenant scope of a workflow's arguments. */
export function scopeOf(args: { locationId: string }): Scope {
  return { locationId: args.locationId };
}
