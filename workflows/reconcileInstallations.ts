import { proxyActivities } from '@temporalio/workflow';
import type { createInstallationActivities } from '../activities/installation';
import { TASK_QUEUES } from '../src/domain/workflowTypes';

const { reconcileAll } = proxyActivities<ReturnType<typeof createInstallationActivities>>({
  taskQueue: TASK_QUEUES.main,
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '12 hours',
  retry: { initialInterval: '10 seconds', maximumInterval: '10 minutes' },
});

/** Every night, by a Temporal Schedule: has whatever an event got lost of looked at again. */
export async function reconcileInstallations(): Promise<{ marked: number }> {
  return await reconcileAll();
}
