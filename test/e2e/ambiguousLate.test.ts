import { type TestBridge } from '../support/bridgeInProcess';
import { eventually } from '../support/adminClient';
import { sentWith, timesAsked, toldOf, untilSent, untilTold } from '../support/looks';
import { DELIVERED, NOTHING, openAmbiguousWorld, settleWorld } from '../support/ambiguousWorld';
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
