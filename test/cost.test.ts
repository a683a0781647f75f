import type { temporal as proto } from '@temporalio/proto';
import { eventually } from './support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from './support/bridgeInProcess';
import { costOf, eventNames, type Cost } from './support/history';
import { useTemporal } from './support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from './support/world';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
  world.waapify.setAuto(INSTANCE, { echo: true, server: false, delivered: false, read: false });
});

const LAST = 'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES';

/** The history once its last step shows this status in the Web UI (an upsert), receipt timer and end included. */
async function historyAt(workflowId: string, upserts: number): Promise<proto.api.history.v1.IHistory> {
  const handle = bridge.temporal.client.workflow.getHandle(workflowId);
  return await eventually(async () => {
    const history = await handle.fetchHistory();
    const names = eventNames(history);
    if (names.filter((name) => name === LAST).length < upserts) throw new Error(names.join(' '));
    return history;
  });
}

test('a message costs at most 5 Actions and 14 events until it is sent, 5 KB until it is read', async () => {
  const sent = await world.agentSends('What does this cost?');
  const workflowId = `outbound:${LOCATION}:${sent.messageId}`;
  const { gatewayId } = await world.waapify.waitFor(() => world.waapify.sends(INSTANCE)[0]);

  const atSent = costOf(await historyAt(workflowId, 1));
  expect(atSent).toEqual({ events: atMost(14), actions: atMost(5), bytes: atMost(5 * 1024) });

  await world.waapify.receipt(gatewayId, 3);
  const atDelivered = costOf(await historyAt(workflowId, 2));
  expect(minus(atDelivered, atSent)).toMatchObject({ events: atMost(13), actions: atMost(5) });

  await world.waapify.receipt(gatewayId, 4);
  await bridge.temporal.client.workflow.getHandle(workflowId).result();
  const atRead = costOf(await historyAt(workflowId, 3));
  expect(minus(atRead, atDelivered)).toMatchObject({ events: atMost(13), actions: atMost(5) });
  expect(atRead.bytes).toBeLessThanOrEqual(5 * 1024);
  process.stderr.write(`[cost] sent ${show(atSent)}; delivered ${show(atDelivered)}; read ${show(atRead)}\n`);
});

test('an inbound message costs at most 3 Actions and 12 events', async () => {
  const { gatewayId } = await world.waapify.customerWrites({
    instanceId: INSTANCE,
    from: '60123456789',
    text: 'And this?',
  });
  const connectionId = (await bridge.app.store.connections.list())[0]!.id;
  const workflowId = `inbound:${connectionId}:${gatewayId}`;
  await eventually(() => bridge.temporal.client.workflow.getHandle(workflowId).result());
  const cost = costOf(await historyAt(workflowId, 1));
  expect(cost).toMatchObject({ events: atMost(12), actions: atMost(3) });
  process.stderr.write(`[cost] inbound ${show(cost)}\n`);
});

function atMost(limit: number): unknown {
  return {
    asymmetricMatch: (value: number) => value <= limit,
    toString: () => 'atMost',
    toAsymmetricMatcher: () => `at most ${limit}`,
  };
}

function minus(a: Cost, b: Cost): Cost {
  return { events: a.events - b.events, actions: a.actions - b.actions, bytes: a.bytes - b.bytes };
}

function show({ events, actions, bytes }: Cost): string {
  return `${events} events, ${actions} Actions, ${bytes} bytes`;
}
