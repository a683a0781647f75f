import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { DomainError } from '../domain/errors';
import { tokenRefreshWorkflowId } from '../domain/ids';
import { TASK_QUEUES, WAKE_SIGNAL, type TokenRefreshArgs } from '../domain/workflowTypes';
import type { TemporalClient } from './client';

/**
 * join: somebody found this version near its end or refused; a run that has renewed it is not started again.
 * again: the store says that this very version is still the stored one, whatever became of its run.
 * now: a person asks; a run that sleeps tries at once.
 */
export type RefreshStart = 'join' | 'again' | 'now';

/** Hundreds of callers may find the same version at once, and each comes back: one of a process asks Temporal. */
const SHARED_MS = 2_000;

/** Returns what starts, or joins, the renewal of one token version. Throws `temporal_unavailable` (later, 503). */
export function createRefreshStarter({ client, within }: TemporalClient) {
  const shared = new Map<string, Promise<void>>();

  const start = async (resourceId: string, tokenVersion: number, how: RefreshStart): Promise<void> => {
    const options = optionsOf({ v: 1, resourceId, tokenVersion }, how);
    try {
      if (how === 'now')
        await within(() => client.workflow.signalWithStart('tokenRefresh', { ...options, signal: WAKE_SIGNAL }));
      else await within(() => client.workflow.start('tokenRefresh', options));
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return;
      throw new DomainError('temporal_unavailable', 'later', 'Temporal does not answer.', {
        status: 503,
        cause: error,
      });
    }
  };

  const join = (resourceId: string, version: number): Promise<void> => {
    const key = tokenRefreshWorkflowId(resourceId, version);
    const known = shared.get(key);
    if (known !== undefined) return known;
    const joining = start(resourceId, version, 'join');
    shared.set(key, joining);
    const forget = (): void => void shared.delete(key);
    joining.then(() => setTimeout(forget, SHARED_MS).unref(), forget);
    return joining;
  };

  return (resourceId: string, version: number, how: RefreshStart = 'join'): Promise<void> =>
    how === 'join' ? join(resourceId, version) : start(resourceId, version, how);
}

function optionsOf(args: TokenRefreshArgs, how: RefreshStart) {
  return {
    workflowId: tokenRefreshWorkflowId(args.resourceId, args.tokenVersion),
    taskQueue: TASK_QUEUES.token,
    args: [args] as [TokenRefreshArgs],
    workflowIdReusePolicy: how === 'join' ? ('ALLOW_DUPLICATE_FAILED_ONLY' as const) : ('ALLOW_DUPLICATE' as const),
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    priority: { priorityKey: 1 },
    staticSummary: `token refresh, version ${args.tokenVersion}`,
  };
}
