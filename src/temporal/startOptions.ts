import type { WorkflowStartOptions } from '@temporalio/client';
import { connectionWorkflowId } from '../domain/ids';
import { TASK_QUEUES, type ConnectionArgs, type MessageArgs } from '../domain/workflowTypes';
import type { MessageRef } from '../store/context';
import type { Accepted } from '../store/messages/acceptedRow';
import { searchAttributes } from './searchAttributes';

/** A wait shorter than this is not worth a delayed start. */
const DELAY_FROM_MS = 3_000;
/** Temporal's limit for a fairness key, in bytes. */
const FAIRNESS_KEY_BYTES = 64;

type Options = WorkflowStartOptions & { taskQueue: string; workflowId: string };

/** Returns what a message's run is started with, whoever starts it. Summaries speak of channel, kind and connection. */
export function messageOptions(ref: MessageRef): Options {
  const args: MessageArgs = { v: 1, locationId: ref.locationId, messageId: ref.messageId };
  return {
    workflowId: ref.workflowId,
    taskQueue: TASK_QUEUES.main,
    args: [args],
    priority: {
      priorityKey: ref.direction === 'inbound' ? 2 : 3,
      fairnessKey: ref.locationId.slice(0, FAIRNESS_KEY_BYTES),
    },
    typedSearchAttributes: searchAttributes({ ...ref, status: ref.state }),
    staticSummary: summary(ref),
  };
}

/**
 * Returns the start of a freshly accepted message: once and never again under this id. One that is planned for later
 * starts delayed (no worker is busy with it) and says so, since before its first task no details can be set.
 */
export function firstStart(accepted: Accepted): Options {
  const base: Options = {
    ...messageOptions(accepted),
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
  };
  const delayMs = accepted.plannedAt - accepted.now;
  if (accepted.direction === 'inbound' || delayMs < DELAY_FROM_MS) return base;
  return {
    ...base,
    startDelay: delayMs,
    typedSearchAttributes: searchAttributes({ ...accepted, status: 'waiting' }),
    staticDetails: `Planned for about ${new Date(accepted.plannedAt).toISOString().slice(11, 16)} UTC, behind earlier messages on ${accepted.connectionId ?? 'this location'}. It goes earlier when its turn comes earlier.`,
  };
}

/** Returns the options of every later wake: it joins the open run, or begins a new one that first reads the ledger. */
export function wakeStart(ref: MessageRef): Options {
  return { ...messageOptions(ref), workflowIdReusePolicy: 'ALLOW_DUPLICATE', workflowIdConflictPolicy: 'USE_EXISTING' };
}

/** Returns the options of `connection:{id}`, whoever wakes or asks it: it is joined, or started where it does not run. */
export function connectionOptions({ locationId, connectionId }: Pick<ConnectionArgs, 'locationId' | 'connectionId'>) {
  const args: ConnectionArgs = { v: 1, locationId, connectionId };
  return {
    workflowId: connectionWorkflowId(connectionId),
    taskQueue: TASK_QUEUES.main,
    args: [args] as [ConnectionArgs],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    typedSearchAttributes: searchAttributes({ locationId, connectionId }),
    staticSummary: `connection ${connectionId}`,
  };
}

function summary({ channel, direction, connectionId }: MessageRef): string {
  const on = connectionId === null ? 'no number yet' : connectionId;
  return direction === 'outbound'
    ? `${channel} message, outbound, on ${on}`
    : `${channel} message, inbound, from ${on}`;
}
