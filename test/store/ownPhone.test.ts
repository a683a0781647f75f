import { lidAddress, type Address } from '../../src/domain/address';
import { openAddress, openContent } from '../../src/store/messages/codec';
import { testCipher, type TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { addressOf, fresh, openLine, OUTCOMES, type Line } from './line';

/** WAAPIFY_TIMEOUT_MS and UNKNOWN_WAIT_MS of these tests: an echo is held so long at most. */
const HELD_MAX_MS = 28_000 + 60_000;

interface Typed {
  to?: Address;
  text?: string;
  mayBeOwn?: boolean;
}

/** The connection has sent something, and it is looked at at once, as a gateway's post is. */
async function phoneSends(ledger: TestStore, line: Line, gatewayId: string, typed: Typed = {}) {
  const { to = addressOf('anna'), text = 'Typed', mayBeOwn = true } = typed;
  const { scope, connectionId } = line;
  const echo = { connectionId, gatewayId, to, content: { v: 1 as const, text }, at: ledger.clock.now, mayBeOwn };
  await ledger.store.messages.recordEcho(scope, echo);
  return await ledger.store.messages.takeOwn(scope, connectionId, gatewayId);
}

describeStores('what the connection itself has sent', (ledger) => {
  const take = (line: Line, gatewayId: string) =>
    ledger().store.messages.takeOwn(line.scope, line.connectionId, gatewayId);
  const isDue = async (gatewayId: string) =>
    (await ledger().store.messages.dueOwn()).some((one) => one.gatewayId === gatewayId);

  it('becomes a message at once when no send can be it', async () => {
    const line = await openLine(ledger());
    const gatewayId = fresh('PHONE');
    const { accepted } = await phoneSends(ledger(), line, gatewayId, { text: 'On my way' });
    expect(accepted).toMatchObject({ workflowId: `inbound:${line.connectionId}:${gatewayId}`, direction: 'inbound' });
    const row = await line.message(accepted!);
    expect(row).toMatchObject({ own: 1, state: 'accepted', source_key: `${line.connectionId}:${gatewayId}` });
    const crypto = { ...testCipher(), index: (text: string) => text };
    expect(openContent(crypto, row.id, row.content_sealed!)).toMatchObject({ text: 'On my way' });
    expect(openAddress(crypto, row.id, 'whatsapp', row.address_sealed!)).toEqual(addressOf('anna'));
    expect(await isDue(gatewayId)).toBe(false);
  });

  it('becomes one message, however often and by whomever it is looked at', async () => {
    const line = await openLine(ledger());
    const gatewayId = fresh('PHONE');
    await ledger().store.messages.recordEcho(line.scope, {
      ...{ connectionId: line.connectionId, gatewayId, to: addressOf('anna'), content: { v: 1, text: 'x' } },
      ...{ at: ledger().clock.now, mayBeOwn: true },
    });
    const all = await Promise.all(Array.from({ length: 10 }, () => take(line, gatewayId)));
    expect(all.filter(({ accepted }) => accepted !== null)).toHaveLength(1);
    expect((await phoneSends(ledger(), line, gatewayId)).accepted).toBeNull();
    expect(await ledger().db.knex('messages').where({ location_id: line.scope.locationId })).toHaveLength(1);
  });

  it('stands in one line with what its receiver writes', async () => {
    const line = await openLine(ledger());
    const first = await line.arrives({ from: 'anna' });
    const { accepted } = await phoneSends(ledger(), line, fresh('PHONE'));
    const third = await line.arrives({ from: 'anna' });
    const rows = await Promise.all([first, accepted!, third].map((one) => line.message(one)));
    expect(new Set(rows.map((row) => row.lane_id)).size).toBe(1);
    expect(rows.map((row) => row.seq)).toEqual([1, 2, 3]);
    expect(await line.claim(accepted!)).toMatchObject({ kind: 'wait', reason: 'behind' });
  });

  it('is never our own send, by its id', async () => {
    const line = await openLine(ledger());
    const gatewayId = await line.send(await line.accept());
    expect((await phoneSends(ledger(), line, gatewayId, { text: 'Hello' })).accepted).toBeNull();
    ledger().clock.advance(HELD_MAX_MS);
    expect(await isDue(gatewayId)).toBe(false);
  });

  it('waits while a send is in flight, and is that send when the answer names it', async () => {
    const line = await openLine(ledger());
    const granted = await line.grant(await line.accept({ to: 'ben' }));
    const gatewayId = fresh('PHONE');
    // To another address: an account may be known under two numbers.
    expect((await phoneSends(ledger(), line, gatewayId)).accepted).toBeNull();
    await line.record(granted, { kind: 'accepted', gatewayId });
    ledger().clock.advance(HELD_MAX_MS);
    expect((await take(line, gatewayId)).accepted).toBeNull();
    expect(await isDue(gatewayId)).toBe(false);
  });

  it('waits for nothing that began after it', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const inFlight = await line.grant(message);
    const gatewayId = fresh('PHONE');
    expect((await phoneSends(ledger(), line, gatewayId)).accepted).toBeNull();
    await line.record(inFlight, { kind: 'accepted', gatewayId: fresh('WAMID') });
    ledger().clock.now = await line.freeAt();
    await line.grant(await line.accept());
    expect((await take(line, gatewayId)).accepted).not.toBeNull();
  });

  it('waits while a send to its address has no clear answer, then proves it by its words', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: 'Hello' });
    await line.record(await line.grant(message), OUTCOMES.timeout);
    const [other, same] = [fresh('PHONE'), fresh('PHONE')];
    expect((await phoneSends(ledger(), line, other, { text: 'Other words' })).accepted).toBeNull();
    expect((await phoneSends(ledger(), line, same, { text: 'Hello' })).accepted).toBeNull();
    expect(await line.message(message)).toMatchObject({ state: 'sent' });
    // With that send settled nothing holds the other one any more.
    ledger().clock.advance(1_000);
    expect(await isDue(other)).toBe(true);
    expect((await take(line, other)).accepted).not.toBeNull();
    expect((await take(line, same)).accepted).toBeNull();
  });

  it('waits while a send that the gateway said had failed is to be tried again', async () => {
    const line = await openLine(ledger());
    await line.record(await line.grant(await line.accept()), OUTCOMES.busy);
    const gatewayId = fresh('PHONE');
    expect((await phoneSends(ledger(), line, gatewayId, { text: 'Other words' })).accepted).toBeNull();
  });

  it('is not held by a send that never left', async () => {
    const line = await openLine(ledger());
    await line.record(await line.grant(await line.accept()), OUTCOMES.refused, null);
    expect((await phoneSends(ledger(), line, fresh('PHONE'))).accepted).not.toBeNull();
  });

  it('waits no longer than the gateway and the wait for an echo together', async () => {
    const line = await openLine(ledger());
    await line.record(await line.grant(await line.accept()), OUTCOMES.busy);
    const gatewayId = fresh('PHONE');
    await phoneSends(ledger(), line, gatewayId, { text: 'Other words' });
    ledger().clock.advance(HELD_MAX_MS - 1);
    expect((await take(line, gatewayId)).accepted).toBeNull();
    ledger().clock.advance(1);
    expect((await take(line, gatewayId)).accepted).not.toBeNull();
  });

  it('proves a send whose process died, also when nobody has asked for it since', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: 'Hello' });
    await line.grant(message);
    const [other, same] = [fresh('PHONE'), fresh('PHONE')];
    await phoneSends(ledger(), line, other, { text: 'Other words' });
    expect((await phoneSends(ledger(), line, same, { text: 'Hello' })).accepted).toBeNull();
    ledger().clock.advance(HELD_MAX_MS);
    expect((await take(line, same)).accepted).toBeNull();
    expect(await line.message(message)).toMatchObject({ state: 'sent' });
    expect((await take(line, other)).accepted).not.toBeNull();
  });

  it('is not held by a send to somebody else that has no clear answer', async () => {
    const line = await openLine(ledger());
    await line.record(await line.grant(await line.accept({ to: 'ben' })), OUTCOMES.timeout);
    expect((await phoneSends(ledger(), line, fresh('PHONE'))).accepted).not.toBeNull();
  });

  it('is not held by what is being posted to GHL', async () => {
    const line = await openLine(ledger());
    await line.grant(await line.arrives({ from: 'anna' }));
    expect((await phoneSends(ledger(), line, fresh('PHONE'))).accepted).not.toBeNull();
  });

  it('proves no send once it has become a message', async () => {
    const line = await openLine(ledger());
    const { accepted } = await phoneSends(ledger(), line, fresh('PHONE'), { text: 'Hello' });
    const message = await line.accept({ text: 'Hello' });
    await line.record(await line.grant(message), OUTCOMES.timeout);
    expect((await line.part(message)).state).toBe('ambiguous');
    expect(await line.message(accepted!)).toMatchObject({ own: 1, state: 'accepted' });
  });

  it('still gives its name to a send that the gateway itself names by it', async () => {
    const line = await openLine(ledger());
    const gatewayId = fresh('PHONE');
    await phoneSends(ledger(), line, gatewayId);
    const message = await line.accept();
    await line.record(await line.grant(message), { kind: 'accepted', gatewayId });
    expect(await line.part(message)).toMatchObject({ state: 'sent', gateway_id: gatewayId });
  });

  it('waits for any send without a clear answer while only a hidden identity is known of its receiver', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: 'Hello' });
    await line.record(await line.grant(message), OUTCOMES.timeout);
    const gatewayId = fresh('PHONE');
    expect(
      (await phoneSends(ledger(), line, gatewayId, { to: lidAddress('27561111'), text: 'Hello' })).accepted,
    ).toBeNull();
    expect((await line.part(message)).state).toBe('ambiguous');
    // Its number is learnt meanwhile, and it is the echo.
    const pair = { lid: '27561111', phone: addressOf('anna') };
    await ledger().store.identities.learn(line.scope, line.connectionId, [pair]);
    const { accepted, wakes } = await take(line, gatewayId);
    expect(accepted).toBeNull();
    expect(wakes.map((wake) => wake.messageId)).toContain(message.messageId);
    expect(await line.part(message)).toMatchObject({ state: 'sent', gateway_id: gatewayId });
  });

  it('is left alone where it is not to be shown', async () => {
    const line = await openLine(ledger());
    const gatewayId = fresh('PHONE');
    expect((await phoneSends(ledger(), line, gatewayId, { mayBeOwn: false })).accepted).toBeNull();
    ledger().clock.advance(HELD_MAX_MS);
    expect(await isDue(gatewayId)).toBe(false);
  });

  it('is found again by whoever looks for what is due, also when its taker dies', async () => {
    const line = await openLine(ledger());
    const gatewayId = fresh('PHONE');
    const echo = {
      connectionId: line.connectionId,
      gatewayId,
      to: addressOf('anna'),
      content: { v: 1 as const, text: 'x' },
    };
    await ledger().store.messages.recordEcho(line.scope, { ...echo, at: ledger().clock.now, mayBeOwn: true });
    expect(await isDue(gatewayId)).toBe(true);
    expect(await isDue(gatewayId)).toBe(false);
    ledger().clock.advance(20_000);
    expect(await isDue(gatewayId)).toBe(true);
  });
});

describeStores(
  'what the connection itself has sent, where a claim lives longer than an echo is held',
  (ledger) => {
    it('waits for the claim to end, and then proves it', async () => {
      const { store, clock } = ledger();
      const line = await openLine(ledger());
      const message = await line.accept({ text: 'Hello' });
      await line.grant(message);
      const leaseEndsAt = (await line.lane()).lease_until!;
      const gatewayId = fresh('PHONE');
      const take = () => store.messages.takeOwn(line.scope, line.connectionId, gatewayId);
      await phoneSends(ledger(), line, gatewayId, { text: 'Hello' });
      clock.now = leaseEndsAt - 1;
      expect((await take()).accepted).toBeNull();
      expect((await line.part(message)).state).toBe('sending');
      clock.now = leaseEndsAt;
      expect((await take()).accepted).toBeNull();
      expect(await line.message(message)).toMatchObject({ state: 'sent' });
    });
  },
  { timings: { unknownWaitMs: 1_000 } },
);
