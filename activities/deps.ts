import type { App } from '../src/app';
import type { Scope } from '../src/store/context';

/** What activities need beyond the app itself. */
export interface ActivityDeps {
  app: Pick<App, 'settings' | 'store' | 'ghl' | 'gateway' | 'starter' | 'logger' | 'metrics'>;
  /** Aborted when the process shuts down: nothing new is claimed, sitters leave. */
  draining: AbortSignal;
  /** Returns whether this run is still open in Temporal; a run that was terminated or cancelled outside is not. */
  runIsOpen(workflowId: string, runId: string): Promise<boolean>;
}

/** Returns the tenant scope of a workflow's arguments. */
export function scopeOf(args: { locationId: string }): Scope {
  return { locationId: args.locationId };
}
