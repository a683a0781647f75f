import type { MessageRow } from '../../src/store/rows';
import { describeStores } from './describeStores';
import { fillLocation, rowsOf } from './filled';
import { fresh, openLine, OUTCOMES, type Line } from './line';

const DAY_MS = 86_400_000;
const KEEP_MS = 30 * DAY_MS;

describeStores('retention', (ledger) => {
  const expire = () => ledger().store.erasure.expire(KEEP_MS);
  const isErased = async (line: Line, message: { messageId: string }) => {
    const { erased_at: erasedAt, content_sealed: content, address_sealed: address } = await line.message(message);
    expect([content === null, address === null]).toEqual([erasedAt !== null, erasedAt !== null]);
    return erasedAt !== null;
  };

  it('erases what is older, leaves what is younger, and keeps the bare facts', async () => {
    const old = await fillLocation(ledger());
    ledger().clock.advance(KEEP_MS - 5 * DAY_MS);
    const young = await fillLocation(ledger());
    ledger().clock.advance(5 * DAY_MS + 1);
    const youngRows = await rowsOf(ledger(), young.line.scope.locationId);
    await expire();
    expect(await rowsOf(ledger(), young.line.scope.locationId)).toEqual(youngRows);
    for (const message of [old.sent, old.arrived, old.toBen]) expect(await isErased(old.line, message)).toBe(true);
    expect(await old.line.message(old.sent)).toMatchObject({ state: 'delivered', contact_id: 'contact-anna' });
    const rows = await rowsOf(ledger(), old.line.scope.locationId);
    for (const table of ['webhook_posts', 'echoes', 'numbers', 'media'])
      expect([table, rows[table]]).toEqual([table, []]);
    // Which contact an address has is no text and no address: it keeps the conversation in its channel.
    expect(rows['contacts']).toHaveLength(1);
  });

  it('is done when nothing is left, and does nothing twice', async () => {
    await fillLocation(ledger());
    ledger().clock.advance(KEEP_MS + 1);
    await expire();
    expect(await expire()).toEqual({ messages: 0, posts: 0, echoes: 0, numbers: 0 });
  });

  it('never touches what has not ended, however old it is', async () => {
    const line = await openLine(ledger(), { connected: false });
    const waiting = await line.accept({ to: 'anna' });
    const arrived = await line.arrives();
    ledger().clock.advance(2 * KEEP_MS);
    await expire();
    expect(await isErased(line, waiting)).toBe(false);
    expect(await isErased(line, arrived)).toBe(false);
  });

  it('leaves a message whose receipt may still come', async () => {
    const line = await openLine(ledger());
    const sent = await line.accept({ to: 'anna' });
    await line.send(sent);
    ledger().clock.advance(KEEP_MS + 1);
    await expire();
    expect(await isErased(line, sent)).toBe(false);
  });

  it.each(['told', 'given up'] as const)(
    "erases a message of whose end GHL does not know yet, but for the gateway's words: they go when it is %s",
    async (end) => {
      const line = await openLine(ledger());
      const untold = await line.accept({ to: 'ben' });
      await line.record(await line.grant(untold), OUTCOMES.invalid);
      ledger().clock.advance(KEEP_MS + 1);
      await expire();
      expect(await isErased(line, untold)).toBe(true);
      expect(await line.message(untold)).toMatchObject({ address_key: null, content_key: null });
      const { messages } = ledger().store;
      const life = await messages.lifecycle(line.scope, untold.messageId, { telling: true });
      expect(life).toMatchObject({ tell: 'failed', reasonText: OUTCOMES.invalid.text });
      if (end === 'told') await messages.markTold(line.scope, untold.messageId, 'failed');
      else await messages.giveUpTelling(line.scope, untold.messageId);
      expect(await line.message(untold)).toMatchObject({ reason_text: null, tell_due_at: null });
    },
  );

  it("keeps the gateway's words of a message that is not erased when GHL was told", async () => {
    const line = await openLine(ledger());
    const [told, givenUp] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    for (const message of [told, givenUp]) {
      await line.record(await line.grant(message), OUTCOMES.invalid);
      ledger().clock.now = Math.max(ledger().clock.now, await line.freeAt());
    }
    await ledger().store.messages.markTold(line.scope, told.messageId, 'failed');
    await ledger().store.messages.giveUpTelling(line.scope, givenUp.messageId);
    for (const message of [told, givenUp])
      expect((await line.message(message)).reason_text).toBe(OUTCOMES.invalid.text);
  });

  it('erases the echo with its message, however late that was sent', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ to: 'anna' });
    ledger().clock.advance(KEEP_MS);
    const gatewayId = await line.send(message);
    await line.echo(gatewayId, { to: null });
    await line.receipt(gatewayId, 'delivered');
    ledger().clock.advance(DAY_MS + 1);
    await expire();
    expect(await isErased(line, message)).toBe(true);
    expect(await ledger().db.knex('echoes').where({ location_id: line.scope.locationId })).toEqual([]);
  });

  it('leaves a message that ended within the last day: a late echo may still correct it', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ to: 'anna', ghlMessageId: null });
    ledger().clock.advance(KEEP_MS);
    await line.record(await line.grant(message), OUTCOMES.timeout);
    ledger().clock.advance(60_001);
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'unknown' });
    await expire();
    expect(await isErased(line, message)).toBe(false);
    await line.echo(fresh('LATE'), { to: 'anna' });
    expect((await line.message(message)).state).toBe('sent');
  });

  it('goes on where it left off: 500 at once, the oldest first', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ failure: { reason: 'phone_impossible' }, ghlMessageId: null });
    const row = await line.message(message);
    const copies = Array.from({ length: 700 }, (_, n): MessageRow => {
      const name = `${row.id.slice(0, 25)}${String(n).padStart(6, '0')}`;
      return { ...row, id: name, source_key: name, message_key: name, accepted_at: row.accepted_at + n };
    });
    await ledger().db.knex.batchInsert('messages', copies, 100);
    ledger().clock.advance(KEEP_MS + DAY_MS);
    expect(await expire()).toMatchObject({ messages: 500 });
    const left = await ledger().db.knex('messages').where({ location_id: line.scope.locationId, erased_at: null });
    expect(Math.min(...left.map((one) => one.accepted_at))).toBeGreaterThan(row.accepted_at + 490);
    expect(await expire()).toMatchObject({ messages: 201 });
  });
});
