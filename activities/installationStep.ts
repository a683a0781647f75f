import { DomainError } from '../src/domain/errors';
import type { InstallationStep } from '../src/domain/workflowTypes';
import type { InstallationRow } from '../src/store/installations/row';
import type { StepEnd } from '../src/store/installations/steps';
import type { ActivityDeps } from './deps';

/** A resource that nobody knows: its run ends. */
export const UNKNOWN_STEP: InstallationStep = { state: 'unknown', ms: null, reason: null };

/**
 * Does one begun step and writes down how it ended. A refusal or outage that another try may mend is no failure of the
 * step: it is waited out, and shown as such. Throws only what is a fault of ours.
 */
export async function takeStep(
  { app }: ActivityDeps,
  begun: InstallationRow,
  work: () => Promise<StepEnd>,
): Promise<InstallationStep> {
  const { store, logger } = app;
  const end = await work().catch((error: unknown): StepEnd => {
    if (!(error instanceof DomainError)) throw error;
    if (!error.benign) logger.warn({ err: error, resourceId: begun.resource_id }, 'A step of an installation failed');
    return { kind: 'retry', reason: error.code, ms: error.retryAfterMs };
  });
  const ms = await store.installations.endStep(begun, end);
  const row = await store.installations.get(begun.resource_id);
  return { state: row?.state ?? begun.state, ms, reason: row?.reason ?? null };
}
