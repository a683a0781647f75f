import type { WorkflowHandle } from '@temporalio/client';
import { tokenRefreshWorkflowId } from '../../src/domain/ids';
import { TASK_QUEUES } from '../../src/domain/workflowTypes';
import { eventually } from '../support/adminClient';
import { startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { startProcess } from '../support/bridgeProcess';
import { describeMysql } from '../support/mysqlServer';
import { useTemporal } from '../support/temporalServer';
import { LOCATION, openWorld, type World } from '../support/world';

/** GHL takes 100 requests in 10 seconds, and two cores may be shared by several such worlds. */
jest.setTimeout(300_000);

/** More than the activity slots of both workers together: every message has something to tell GHL. */
const CALLERS = 300;
const SLOTS = 100;
const AT_ONCE = 20;
/** A number that can not be one: the message fails at once, and GHL is told so. */
const IMPOSSIBLE = '+6012';
const WORKFLOW_ID = tokenRefreshWorkflowId(LOCATION, 1);

describeMysql('token storm: an expired token, two worker processes, more callers than activity slots (MySQL)', () => {
  const temporal = useTemporal();
  let world: World;
  let ingress: TestBridge;
  const messageIds: string[] = [];

  beforeAll(async () => {
    world = await openWorld(temporal, { store: 'mysql' });
    ingress = await startInProcess(world, { roles: ['ingress'] });
    world.ghl.configure({ expiresInS: 5 });
    expect((await world.install()).status).toBe(200);
    world.ghl.configure({ expiresInS: 86_399 });
    for (let n = 0; n < CALLERS; n += AT_ONCE)
      messageIds.push(...(await Promise.all(Array.from({ length: AT_ONCE }, send))));
    await eventually(async () => {
      expect((await ingress.app.store.tokens.read(LOCATION))!.expiresInMs).toBeLessThan(0);
    });
    const run = await holdBack();
    const worker = { role: 'worker', env: { WORKER_SLOTS: String(SLOTS) } } as const;
    await Promise.all([startProcess(world, worker), startProcess(world, worker)]);
    for (const messageId of messageIds) await untilToldToComeBack(messageId);
    await run.terminate('all have come');
  });

  async function send(): Promise<string> {
    const { status, messageId } = await world.agentSends('to nobody', { phone: IMPOSSIBLE });
    expect(status).toBe(200);
    return messageId;
  }

  /** A run that all join and that does not begin; when it is gone, each of them starts one. */
  async function holdBack(): Promise<WorkflowHandle> {
    return await ingress.temporal.client.workflow.start('tokenRefresh', {
      workflowId: WORKFLOW_ID,
      taskQueue: TASK_QUEUES.token,
      args: [{ v: 1, resourceId: LOCATION, tokenVersion: 1 }],
      startDelay: '1 hour',
    });
  }

  /** The activity that would tell GHL of this message has ended without a token, to be tried again. */
  async function untilToldToComeBack(messageId: string): Promise<void> {
    const handle = ingress.temporal.client.workflow.getHandle(`outbound:${LOCATION}:${messageId}`);
    await eventually(async () => {
      const { raw } = await handle.describe();
      const failure = raw.pendingActivities?.[0]?.lastFailure?.applicationFailureInfo;
      expect(failure?.type).toBe('token_refreshing');
    }, 120_000);
  }

  test('one refresh call, one stored pair, and all of them are served', async () => {
    const isTold = (id: string): boolean => world.ghl.message(id)?.status === 'failed';
    await world.ghl.waitFor(() => messageIds.every(isTold), 180_000, 'all to be told');
    const calls = world.ghl.journal.entries.filter(({ operation }) => operation === 'token');
    expect(calls.map(({ summary }) => summary)).toEqual(['authorization_code', 'refresh_token']);
    expect(await ingress.app.store.tokens.read(LOCATION)).toMatchObject({ version: 2, renewingForMs: null });
    const refused = world.ghl.journal.entries.filter(({ status }) => status === 401);
    expect(refused).toEqual([]);
  });

  test('all callers met in one run', async () => {
    const runs = [];
    const query = `WorkflowType = 'tokenRefresh'`;
    for await (const { workflowId, status } of ingress.temporal.client.workflow.list({ query }))
      runs.push([workflowId, status.name]);
    expect(runs.sort()).toEqual([
      [WORKFLOW_ID, 'COMPLETED'],
      [WORKFLOW_ID, 'TERMINATED'],
    ]);
  });
});
