import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { TASK_QUEUES } from '../domain/workflowTypes';
import type { Logger } from '../observability/logger';
import type { TemporalClient } from './client';

const SCHEDULE_ID = 'installations-reconcile';
const CREATE_MS = 5_000;

/**
 * Creates the nightly look at all installations, once for the namespace: every worker tries, the first one succeeds. A
 * server that refuses is no reason not to work; it is said.
 */
export async function ensureReconcileSchedule(temporal: TemporalClient, logger: Logger): Promise<void> {
  try {
    await temporal.within(
      () =>
        temporal.client.schedule.create({
          scheduleId: SCHEDULE_ID,
          // At night where most of it happens is not known: any hour does, but not all installations of us at once.
          spec: { calendars: [{ hour: 19, minute: 17 }], jitter: '30 minutes' },
          policies: { overlap: ScheduleOverlapPolicy.SKIP },
          action: {
            type: 'startWorkflow',
            workflowType: 'reconcileInstallations',
            workflowId: SCHEDULE_ID,
            taskQueue: TASK_QUEUES.main,
            args: [],
          },
        }),
      CREATE_MS,
    );
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return;
    logger.warn({ err: error }, 'The nightly reconcile of installations could not be scheduled');
  }
}
