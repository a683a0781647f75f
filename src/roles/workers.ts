import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createConnectionActivities, createNumberActivities } from '../../activities/connection';
import type { ActivityDeps } from '../../activities/deps';
import { createHostSlots } from '../../activities/hostSlots';
import { createInboundFileActivities } from '../../activities/inboundFile';
import { createInboundMessageActivities } from '../../activities/inboundMessage';
import { createInstallationActivities } from '../../activities/installation';
import { createOutboundMessageActivities } from '../../activities/outboundMessage';
import { createTokenRefreshActivities } from '../../activities/tokenRefresh';
import { TASK_QUEUES } from '../domain/workflowTypes';
import { version } from '../version';
import { ActivityErrors } from '../temporal/activityErrors';

/** Sends are I/O only; each waits on its gateway or for its turn. */
const GATEWAY_SLOTS = 1_000;
const TOKEN_SLOTS = 50;
/** Renewals that are held in memory between their steps; a suspended location's sleeps for a day. */
const TOKEN_RUNS = 100;

/** Stands in every event that a worker writes, so it is short: the default is 90 bytes, a fifth of a message's history. */
const DEPLOYMENT = { deploymentName: 'bridge', buildId: version };

/** What is in hand at a shutdown has this long: longer than the longest gateway call. */
const GRACE = '48 seconds';
const FORCE = '55 seconds';

/** Returns the three workers of a process, not running yet: workflows and GHL, sends, token refreshes with their workflows. */
export async function createWorkers(
  connection: NativeConnection,
  namespace: string,
  deps: ActivityDeps,
): Promise<Worker[]> {
  const common = {
    connection,
    namespace,
    workerDeploymentOptions: {
      version: DEPLOYMENT,
      useWorkerVersioning: false,
    },
    shutdownGraceTime: GRACE,
    shutdownForceTime: FORCE,
    interceptors: { activity: [() => ({ inbound: new ActivityErrors(deps.app.logger) })] },
  } satisfies Partial<WorkerOptions>;
  const outbound = createOutboundMessageActivities(deps, createHostSlots(GATEWAY_SLOTS));
  return await Promise.all([
    Worker.create({
      ...common,
      ...workflowCode(),
      taskQueue: TASK_QUEUES.main,
      activities: {
        ...outbound,
        ...createInboundMessageActivities(deps),
        ...createConnectionActivities(deps),
        ...createInstallationActivities(deps),
      },
      maxConcurrentActivityTaskExecutions: deps.app.settings.workerSlots,
    }),
    Worker.create({
      ...common,
      taskQueue: TASK_QUEUES.gateway,
      activities: { ...outbound, ...createInboundFileActivities(deps), ...createNumberActivities(deps) },
      maxConcurrentActivityTaskExecutions: GATEWAY_SLOTS,
    }),
    Worker.create({
      ...common,
      ...workflowCode(),
      taskQueue: TASK_QUEUES.token,
      activities: createTokenRefreshActivities(deps),
      maxCachedWorkflows: TOKEN_RUNS,
      maxConcurrentActivityTaskExecutions: TOKEN_SLOTS,
    }),
  ]);
}

/** The bundle is made by the build; it lies at the root of the build's folder. */
function workflowCode(): Pick<WorkerOptions, 'workflowBundle'> {
  const candidates = [join(__dirname, '../../workflowBundle.js'), join(__dirname, '../../dist/workflowBundle.js')];
  const codePath = candidates.find((path) => existsSync(path));
  if (codePath === undefined) throw new Error('The workflow bundle is missing: run `npm run build`.');
  return { workflowBundle: { codePath } };
}
