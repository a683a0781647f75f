import { proxyActivities } from '@temporalio/workflow';
import type { createTokenRefreshActivities } from '../activities/tokenRefresh';
import { TASK_QUEUES, type TokenRefreshArgs } from '../src/domain/workflowTypes';

/**
 * At least three tries within the 30 seconds in which GHL answers a repeated refresh with the same pair; later tries
 * find out whether the token is spent.
 */
const { refreshToken } = proxyActivities<ReturnType<typeof createTokenRefreshActivities>>({
  taskQueue: TASK_QUEUES.token,
  startToCloseTimeout: '8 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 1.5, maximumInterval: '5 minutes' },
});

/** Renews one version of one token; its id makes every caller that saw this version meet here. */
export async function tokenRefresh(args: TokenRefreshArgs): Promise<{ outcome: string }> {
  return { outcome: await refreshToken(args) };
}
