import { WithStartWorkflowOperation, type WorkflowUpdateHandle } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { DomainError } from '../domain/errors';
import type { ConnectionUpdates } from '../domain/workflowTypes';
import type { Logger } from '../observability/logger';
import type { Scope } from '../store/context';
import type { TemporalClient } from './client';
import { connectionOptions } from './startOptions';

/** A worker takes an update within milliseconds; after this long the caller does without Temporal. */
const TAKEN_MS = 5_000;
/** Longer than the workflow itself waits for the gateway. */
const ANSWER_MS = 60_000;

type Name = keyof ConnectionUpdates;

export interface ConnectionRef extends Scope {
  connectionId: string;
}

/**
 * Returns what asks `connection:{id}` by an update, and starts it where it does not run. `not_taken`: Temporal is down,
 * or no worker is there; nothing was done. Throws `connection_unanswered` (later, 503): it was taken, and no answer came.
 */
export function createConnectionAsker({ client, within }: TemporalClient, logger: Logger) {
  const take = async <N extends Name>(
    ref: ConnectionRef,
    name: N,
  ): Promise<WorkflowUpdateHandle<ConnectionUpdates[N]> | null> => {
    const startWorkflowOperation = new WithStartWorkflowOperation('connection', connectionOptions(ref));
    // It rejects beside the update's own call.
    startWorkflowOperation.workflowHandle().catch(() => undefined);
    const options = { startWorkflowOperation, waitForStage: 'ACCEPTED' as const };
    try {
      return await within(
        () => client.workflow.startUpdateWithStart<Workflow, ConnectionUpdates[N], []>(name, options),
        TAKEN_MS,
      );
    } catch (error) {
      logger.warn(
        { err: error, connectionId: ref.connectionId },
        'Temporal took no update; the number is asked without it',
      );
      return null;
    }
  };

  return async <N extends Name>(ref: ConnectionRef, name: N): Promise<ConnectionUpdates[N] | 'not_taken'> => {
    const handle = await take(ref, name);
    if (handle === null) return 'not_taken';
    try {
      return await within(() => handle.result(), ANSWER_MS);
    } catch (cause) {
      const message = 'The number was asked and gave no answer in time: look at its state, then try again.';
      throw new DomainError('connection_unanswered', 'later', message, { status: 503, cause });
    }
  };
}
