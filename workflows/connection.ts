import { continueAsNew, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { createConnectionActivities } from '../activities/connection';
import { TASK_QUEUES, type ConnectionArgs, type ConnectionView } from '../src/domain/workflowTypes';
import { hangDoorbell } from './doorbell';
import { shownTime } from './show';

const { readConnection } = proxyActivities<ReturnType<typeof createConnectionActivities>>({
  taskQueue: TASK_QUEUES.main,
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/**
 * One long-lived workflow per number: it shows the number's state to operators. Signalled on change only; probing
 * happens outside, so a quiet number costs nothing.
 */
export async function connection(args: ConnectionArgs): Promise<void> {
  const bell = hangDoorbell();
  while (!workflowInfo().continueAsNewSuggested) {
    const heard = bell.rung();
    const view = await readConnection(args);
    if (view === null) return;
    setCurrentDetails(details(view));
    await bell.waitBeyond(heard, null);
  }
  await continueAsNew<typeof connection>(args);
}

function details({ state, since, why, next, waiting }: ConnectionView): string {
  const lines = [`**${state}** since ${shownTime(since)}; ${waiting} waiting at that moment.`];
  if (why !== null) lines.push(`Why: ${why}.`);
  if (next !== null) lines.push(`Next: ${next}.`);
  return lines.join('\n\n');
}
