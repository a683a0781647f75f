import { eventually } from '../support/adminClient';
import { ALL, DELIVERED, NOTHING } from '../support/ambiguousWorld';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { sentWith, timesAsked, toldOf, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';
import { WAAPIFY_FAULTS } from '../../src/sandbox/waapify';

/** Three messages without a clear answer, to three contacts; what a person does then. */
const temporal = useTemporal();
const [PROVEN, LOST, GIVEN_UP] = ['it did arrive', 'it never left', 'better not'];
const PHONES: Record<string, string> = { [PROVEN]: '+60123000001', [LOST]: '+60123000002', [GIVEN_UP]: '+60123000003' };
let world: World;
let bridge: TestBridge;
const first: Record<string, string> = {};

const send = async (text: string): Promise<string> => (await world.agentSends(text, { phone: PHONES[text] })).messageId;

beforeAll(async () => {
  world = await openWorld(temporal, { env: { UNKNOWN_WAIT_MS: '5000' } });
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
  world.waapify.setAuto(INSTANCE, NOTHING);
  world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, echo: 'lost', text: PROVEN });
  for (const text of [LOST, GIVEN_UP]) world.waapify.fault({ ...WAAPIFY_FAULTS.nullWithoutSending, text });
  for (const text of [PROVEN, LOST, GIVEN_UP]) first[text] = await send(text);
  for (const messageId of Object.values(first)) await untilTold(world, messageId, 'failed');
  world.waapify.setAuto(INSTANCE, ALL);
}, 120_000);

test("GHL's Retry of one that did arrive: one WhatsApp message, and both are delivered in GHL", async () => {
  const { gatewayId } = await untilSent(world, PROVEN);
  const retry = await send(PROVEN);
  await world.waapify.echo(gatewayId);
  await bridge.admin.untilState(LOCATION, retry, 'sent');
  await world.waapify.receipt(gatewayId, DELIVERED);
  for (const messageId of [first[PROVEN]!, retry]) await untilTold(world, messageId, 'delivered');
  expect(toldOf(world, retry)).toEqual(['pending', 'delivered']);
  expect(timesAsked(world, PROVEN)).toBe(1);
  expect(sentWith(world, PROVEN)).toHaveLength(1);
}, 60_000);

test('an unknown one is sent again by a person: GHL follows the new attempt, which begins at pending', async () => {
  const messageId = first[LOST]!;
  const answer = await bridge.admin.call('POST', `/admin/v1/messages/${LOCATION}/${messageId}/resend`);
  expect(answer).toEqual({ status: 202, body: { attempt: 2 } });
  await untilTold(world, messageId, 'read');
  expect(toldOf(world, messageId).slice(0, 3)).toEqual(['pending', 'failed', 'pending']);
  expect(timesAsked(world, LOST)).toBe(2);
  expect(sentWith(world, LOST)).toHaveLength(1);
  const { attempts, workflowId } = await bridge.admin.message(LOCATION, messageId);
  expect(attempts).toMatchObject([{ state: 'unknown' }, { state: 'read' }]);
  expect(workflowId).toBe(`outbound:${LOCATION}:${messageId}:r2`);
}, 60_000);

test('a Retry that waits for the proof of the first is cancelled in Temporal, and GHL is told', async () => {
  const retry = await send(GIVEN_UP);
  const run = bridge.temporal.client.workflow.getHandle(`outbound:${LOCATION}:${retry}`);
  await eventually(async () => {
    expect((await bridge.admin.message(LOCATION, retry)).reason).toBe('awaiting_earlier');
    await run.describe();
  });
  await run.cancel();
  expect(await bridge.admin.untilState(LOCATION, retry, 'cancelled')).toMatchObject({ reason: 'stopped_in_temporal' });
  await untilTold(world, retry, 'failed');
  await expect(run.result()).rejects.toThrow(/cancelled/i);
  expect(timesAsked(world, GIVEN_UP)).toBe(1);
}, 60_000);
