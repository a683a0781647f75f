import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { eventually } from '../support/adminClient';
import { expectOnlyForward, sentWith, timesAsked, toldOf, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';
import { WAAPIFY_FAULTS, type WaapifyFaultInput } from '../../src/sandbox/waapify';

const DELIVERED = 3;
const ALL = { echo: true, server: true, delivered: true, read: true, delaysMs: { echo: 0 } };
const NOTHING = { echo: false, server: false, delivered: false, read: false };

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal, { env: { UNKNOWN_WAIT_MS: '2500', WAAPIFY_TIMEOUT_MS: '1500' } });
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

afterEach(() => {
  world.waapify.clearFaults();
  world.waapify.setAuto(INSTANCE, ALL);
  expectOnlyForward(world);
});

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

describe('unknown, and its echo comes late', () => {
  /** Ends as unknown although it was sent; resolves with its ids. */
  async function unknownOne(text: string): Promise<{ messageId: string; gatewayId: string }> {
    world.waapify.setAuto(INSTANCE, NOTHING);
    world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, echo: 'lost', text });
    const { messageId } = await world.agentSends(text);
    await untilTold(world, messageId, 'failed', 15_000);
    return { messageId, gatewayId: sentWith(world, text)[0]!.gatewayId };
  }

  test('the echo corrects it to sent, a late delivery receipt to delivered, in GHL too', async () => {
    const { messageId, gatewayId } = await unknownOne('corrected late');
    await world.waapify.echo(gatewayId);
    await bridge.admin.untilState(LOCATION, messageId, 'sent');
    await world.waapify.receipt(gatewayId, DELIVERED);
    await untilTold(world, messageId, 'delivered');
    expect(toldOf(world, messageId)).toEqual(['pending', 'failed', 'delivered']);
    expect(timesAsked(world, 'corrected late')).toBe(1);
  });

  test('the delivery receipt came before the late echo', async () => {
    const { messageId, gatewayId } = await unknownOne('corrected at one stroke');
    await world.waapify.receipt(gatewayId, DELIVERED);
    await world.waapify.echo(gatewayId);
    await untilTold(world, messageId, 'delivered', 10_000);
    expect(toldOf(world, messageId)).toEqual(['pending', 'failed', 'delivered']);
  });

  test.each([
    ['accepted, its own echo before the reply', { end: 'pass', echo: 'first', replyAfterMs: 1_000 }],
    ['refused', { end: 'error', message: 'Message type not supported', replyAfterMs: 1_000 }],
  ] satisfies [string, WaapifyFaultInput][])(
    'the late echo comes while the next message to the contact is in flight: %s',
    async (name, fault) => {
      const { messageId, gatewayId } = await unknownOne(`echo meets the next one, ${name}`);
      const text = `the next one, ${name}`;
      world.waapify.fault({ ...fault, text });
      await world.agentSends(text);
      await eventually(() => expect(timesAsked(world, text)).toBe(1));
      await world.waapify.echo(gatewayId);
      await bridge.admin.untilState(LOCATION, messageId, 'sent', 10_000);
    },
  );
});

describe('two equal texts to one contact', () => {
  test('the first ambiguous and sent, the second clear: each echo is matched once, both end as read', async () => {
    world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, text: 'equal' });
    const first = await world.agentSends('equal');
    const second = await world.agentSends('equal');
    for (const { messageId } of [first, second]) await untilTold(world, messageId, 'read');
    const ids = [];
    for (const { messageId } of [first, second]) {
      ids.push((await bridge.admin.message(LOCATION, messageId)).parts[0]!.gatewayId);
    }
    expect(ids).toEqual(sentWith(world, 'equal').map(({ gatewayId }) => gatewayId));
    expect(new Set(ids).size).toBe(2);
  });

  test("the first ambiguous and not sent: the second one's echo is no proof for the first", async () => {
    world.waapify.fault({ ...WAAPIFY_FAULTS.nullWithoutSending, text: 'same again' });
    const first = await world.agentSends('same again');
    const second = await world.agentSends('same again');
    await untilTold(world, second.messageId, 'read');
    await untilTold(world, first.messageId, 'failed');
    expect((await bridge.admin.message(LOCATION, first.messageId)).state).toBe('unknown');
    expect(sentWith(world, 'same again')).toHaveLength(1);
    expect(timesAsked(world, 'same again')).toBe(2);
  });

  test('both ambiguous and sent: both proven, each by its own echo', async () => {
    world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, text: 'both in doubt', times: 2 });
    const first = await world.agentSends('both in doubt');
    const second = await world.agentSends('both in doubt');
    for (const { messageId } of [first, second]) await untilTold(world, messageId, 'read');
    expect(timesAsked(world, 'both in doubt')).toBe(2);
  });

  test('the echo of an ambiguous one twice, in both dialects: the second one is not proven by it', async () => {
    world.waapify.setAuto(INSTANCE, NOTHING);
    world.waapify.fault({ ...WAAPIFY_FAULTS.nullAfterSending, text: 'one echo, twice' });
    const first = await world.agentSends('one echo, twice');
    const { gatewayId } = await untilSent(world, 'one echo, twice');
    await world.waapify.echo(gatewayId, { dialect: 'both' });
    await bridge.admin.untilState(LOCATION, first.messageId, 'sent');
    world.waapify.fault({ ...WAAPIFY_FAULTS.nullWithoutSending, text: 'one echo, twice' });
    const second = await world.agentSends('one echo, twice');
    await eventually(() => expect(timesAsked(world, 'one echo, twice')).toBe(2));
    await world.waapify.echo(gatewayId, { dialect: 'both' });
    await untilTold(world, second.messageId, 'failed', 15_000);
    expect((await bridge.admin.message(LOCATION, second.messageId)).state).toBe('unknown');
  });
});
