import { type TestBridge } from '../support/bridgeInProcess';
import { sentWith, timesAsked, toldOf, untilSent, untilTold } from '../support/looks';
import { ALL, DELIVERED, NOTHING, openAmbiguousWorld, settleWorld } from '../support/ambiguousWorld';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, type World } from '../support/world';
import { WAAPIFY_FAULTS, type WaapifyFaultInput } from '../../src/sandbox/waapify';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  ({ world, bridge } = await openAmbiguousWorld(temporal));
});

afterEach(() => settleWorld(world));

/** The contact's next one goes out only when this one has found its end: from there on it can not be sent again. */
async function nextOneIsOut(text: string): Promise<void> {
  await world.agentSends(text);
  await untilSent(world, text);
}

const AFTER_SENDING: [string, WaapifyFaultInput][] = [
  ['a literal null', WAAPIFY_FAULTS.nullAfterSending],
  ['no answer', WAAPIFY_FAULTS.hangAfterSending],
  ['a reset', WAAPIFY_FAULTS.resetAfterSending],
  ['an HTML page', WAAPIFY_FAULTS.htmlAfterSending],
  ['a 500', { ...WAAPIFY_FAULTS.http500, sent: true }],
  ['success without an id', WAAPIFY_FAULTS.successWithoutId],
  ['an empty body', { end: 'empty', sent: true }],
];

describe('sent, and the gateway gives no clear answer: its echo proves it, it goes out once', () => {
  test.each(AFTER_SENDING)('%s', async (name, fault) => {
    const text = `with echo: ${name}`;
    world.waapify.fault({ ...fault, text });
    const { messageId } = await world.agentSends(text);
    await untilTold(world, messageId, 'read', 15_000);
    const answer = await bridge.admin.message(LOCATION, messageId);
    expect(answer).toMatchObject({ state: 'read', parts: [{ gatewayId: sentWith(world, text)[0]!.gatewayId }] });
    expect(toldOf(world, messageId)).not.toContain('failed');
    await nextOneIsOut(`after ${text}`);
    expect(timesAsked(world, text)).toBe(1);
  });

  test('the echo comes a good while after the outcome, still within UNKNOWN_WAIT_MS', async () => {
    world.waapify.setAuto(INSTANCE, { ...ALL, delaysMs: { echo: 1_000 } });
    world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, text: 'slow echo' });
    const { messageId } = await world.agentSends('slow echo');
    await untilTold(world, messageId, 'read');
    expect(toldOf(world, messageId)).not.toContain('failed');
    expect(timesAsked(world, 'slow echo')).toBe(1);
  });

  test('receipts before the echo', async () => {
    world.waapify.setAuto(INSTANCE, NOTHING);
    world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, text: 'receipts before the echo' });
    const { messageId } = await world.agentSends('receipts before the echo');
    const { gatewayId } = await untilSent(world, 'receipts before the echo');
    await world.waapify.receipt(gatewayId, DELIVERED);
    await world.waapify.echo(gatewayId);
    await untilTold(world, messageId, 'delivered', 10_000);
    expect(toldOf(world, messageId)).toEqual(['pending', 'delivered']);
  });
});

describe('no clear answer and no echo: never sent again, shown as unknown, told to GHL as failed with words', () => {
  const WITHOUT_ECHO: [string, WaapifyFaultInput, number][] = [
    ['sent, echo lost', { ...WAAPIFY_FAULTS.nullAfterSending, echo: 'lost' }, 1],
    ['a null, not sent', WAAPIFY_FAULTS.nullWithoutSending, 0],
    ['no answer, not sent', WAAPIFY_FAULTS.hangWithoutSending, 0],
    ['a reset after the write, not sent', WAAPIFY_FAULTS.resetWithoutSending, 0],
    ['an HTML page, not sent', WAAPIFY_FAULTS.htmlWithoutSending, 0],
    ['a 500, not sent', WAAPIFY_FAULTS.http500, 0],
  ];

  test.each(WITHOUT_ECHO)('%s', async (name, fault, sends) => {
    const text = `no echo: ${name}`;
    world.waapify.fault({ ...fault, text });
    const { messageId } = await world.agentSends(text);
    const failed = await untilTold(world, messageId, 'failed', 15_000);
    expect(failed.error).toMatchObject({ code: 'no_echo', message: expect.stringContaining('may or may not') });
    expect(await bridge.admin.message(LOCATION, messageId)).toMatchObject({ state: 'unknown', reason: 'no_echo' });
    expect((await world.ghl.redeliver(messageId)).status).toBe(200);
    await nextOneIsOut(`after ${text}`);
    expect(timesAsked(world, text)).toBe(1);
    expect(sentWith(world, text)).toHaveLength(sends);
    expect(toldOf(world, messageId)).toEqual(['pending', 'failed']);
  });
});
