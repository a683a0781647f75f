import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { installationWorkflowId } from '../domain/ids';
import { TASK_QUEUES, WAKE_SIGNAL, type ConnectionUpdates } from '../domain/workflowTypes';
import type { Logger } from '../observability/logger';
import type { Metrics } from '../observability/metrics';
import type { Scope, WakeRef } from '../store/context';
import type { Resource } from '../store/installations/row';
import type { Accepted } from '../store/messages/acceptedRow';
import type { Store } from '../store/store';
import type { TemporalClient } from './client';
import { createConnectionAsker, type ConnectionRef } from './connectionAsker';
import { createOrderedQueue } from './orderedQueue';
import { createRefreshStarter, type RefreshStart } from './refreshStarter';
import { describeRun } from './runs';
import { searchAttributes } from './searchAttributes';
import { connectionOptions, firstStart, wakeStart } from './startOptions';

/** The only one who starts and wakes workflows. Nothing here is ever waited for by a caller of the bridge. */
export interface Starter {
  /**
   * Starts an accepted message's workflow behind the answer: queued in order of acceptance, those planned for later
   * behind all others, tried again while Temporal is down; what is lost with the process, the sweeper starts. Whom its acceptance lets go earlier is woken too.
   * Returns at once.
   */
  startMessage(accepted: Accepted): void;
  /** Wakes (signal-with-start) what the store said is to be woken, behind the answer. Returns at once. */
  wakeSoon(wakes: readonly WakeRef[]): void;
  /** The same, waited for: the store's marks are cleared when it returns. Never throws; what fails is swept. */
  wake(wakes: readonly WakeRef[]): Promise<void>;
  /** Tells `connection:{id}` that its connection's row has changed, behind the answer. */
  connectionChanged(scope: Scope, connectionId: string): void;
  /**
   * Asks `connection:{id}` by an update, for a person who waits. `not_taken`: Temporal is down, or no worker is there;
   * nothing was done. Throws DomainError `connection_unanswered`.
   */
  askConnection<N extends keyof ConnectionUpdates>(
    ref: ConnectionRef,
    update: N,
  ): Promise<ConnectionUpdates[N] | 'not_taken'>;
  /** Tells `installation:{kind}:{id}` that something is due of it, behind the answer. */
  installationChanged(resource: Resource): void;
  /** Starts (or joins: `how` when absent) the refresh of one token version. Throws DomainError `temporal_unavailable`. */
  refreshToken(resourceId: string, version: number, how?: RefreshStart): Promise<void>;
  /** False while Temporal does not answer. */
  available(): boolean;
  /** Lets what is queued be tried once more, at most `ms`, and begins nothing after that: a last step of the process. */
  close(ms: number): Promise<void>;
}

export interface StarterDeps {
  temporal: TemporalClient;
  store: Store;
  logger: Logger;
  metrics: Metrics;
}

/** What is planned for later than this does not begin before what may go now. */
const SOON_MS = 10_000;

/** Returns the starter over one Temporal client. */
export function createStarter({ temporal, store, logger, metrics }: StarterDeps): Starter {
  const queue = createOrderedQueue();
  const { workflow } = temporal.client;

  const push = (work: () => Promise<void>, when: 'now' | 'later' = 'now'): void => {
    if (!queue.push(work, when)) metrics.workflowStarts.inc({ outcome: 'deferred' });
  };

  const start = async (accepted: Accepted): Promise<void> => {
    const type = accepted.direction === 'outbound' ? 'outboundMessage' : 'inboundMessage';
    try {
      await temporal.within(() => workflow.start(type, firstStart(accepted)));
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return;
      metrics.workflowStarts.inc({ outcome: 'failed' });
      logger.warn(
        { err: error, locationId: accepted.locationId, messageId: accepted.messageId },
        'A start failed; it is tried again',
      );
      throw error;
    }
  };

  /**
   * A run that was stopped outside before its message was claimed ends the message; it is not revived to send. Whoever
   * is next then may have been stopped too, so it is looked at in the same way.
   */
  const signal = async (first: WakeRef): Promise<void> => {
    const wakes = [first];
    for (const wake of wakes) {
      const stopped = !wake.claimed && (await describeRun(temporal, wake.workflowId)) === 'stopped';
      if (stopped) wakes.push(...(await endStopped(wake)));
      else await signalWithStart(wake);
    }
  };

  /** Returns who is next; the message itself gets a run anew, which tells GHL how it ended. */
  const endStopped = async (wake: WakeRef): Promise<WakeRef[]> => {
    const reason = { reason: 'stopped_in_temporal', neverClaimed: true };
    const { wakes } = await store.messages.cancel(wake, wake.messageId, reason);
    await store.lanes.clearWake(wake);
    for (const own of wakes.filter(({ messageId }) => messageId === wake.messageId)) await signalWithStart(own);
    return wakes.filter(({ messageId }) => messageId !== wake.messageId);
  };

  const signalWithStart = async (wake: WakeRef): Promise<void> => {
    const type = wake.direction === 'outbound' ? 'outboundMessage' : 'inboundMessage';
    await temporal.within(() => workflow.signalWithStart(type, { ...wakeStart(wake), signal: WAKE_SIGNAL }));
    await store.lanes.clearWake(wake);
  };

  const wake = async (wakes: readonly WakeRef[]): Promise<void> => {
    for (const one of wakes) {
      try {
        await signal(one);
      } catch (error) {
        logger.warn(
          { err: error, locationId: one.locationId, messageId: one.messageId },
          'A wake failed; the sweeper repeats it',
        );
      }
    }
  };

  const announce = async (scope: Scope, connectionId: string): Promise<void> => {
    await temporal.within(() =>
      workflow.signalWithStart('connection', {
        ...connectionOptions({ ...scope, connectionId }),
        signal: WAKE_SIGNAL,
      }),
    );
    await store.connections.markAnnounced(scope, connectionId);
  };

  const tellInstallation = async ({ resourceId, kind }: Resource): Promise<void> => {
    await temporal.within(() =>
      workflow.signalWithStart('installation', {
        workflowId: installationWorkflowId(kind, resourceId),
        taskQueue: TASK_QUEUES.main,
        args: [{ v: 1, resourceId, kind }],
        signal: WAKE_SIGNAL,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        typedSearchAttributes: searchAttributes(kind === 'location' ? { locationId: resourceId } : {}),
        staticSummary: `installation of a ${kind}`,
      }),
    );
  };

  return {
    startMessage: (accepted) => {
      const isSoon = accepted.plannedAt - accepted.now <= SOON_MS;
      push(() => start(accepted), isSoon ? 'now' : 'later');
      if (accepted.wakes.length > 0) push(() => wake(accepted.wakes));
    },
    wakeSoon: (wakes) => {
      if (wakes.length > 0) push(() => wake(wakes));
    },
    wake,
    connectionChanged: (scope, connectionId) => push(() => announce(scope, connectionId)),
    askConnection: createConnectionAsker(temporal, logger),
    installationChanged: (resource) => push(() => tellInstallation(resource)),
    refreshToken: createRefreshStarter(temporal),
    available: queue.healthy,
    close: queue.close,
  };
}
