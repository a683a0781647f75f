import { SEALED_COLUMNS } from '../../src/store/sealedColumns';
import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { fillLocation, rowsOf, type Filled } from './filled';
import { fileOf, fresh, openLine, OUTCOMES } from './line';

/** What an erased location goes on working with; an uninstall ends it, not an erasure. */
const KEPT = new Map([
  ['connections.token_sealed', "the number's own credential"],
  ['connections.webhook_sealed', 'the address that the gateway posts to'],
  ['connections.address_sealed', "the location's own number"],
  ['external_auth_waiting.token_sealed', 'the credential that waits for the install'],
  ['external_auth_waiting.number_sealed', "the location's own number"],
  ['external_auth_companies.token_sealed', "a company's credential, of no location in particular"],
  ['connections.webhook_coming_sealed', 'the secret of the address that the gateway is told next'],
  ['tokens.access_sealed', "the app's access to the location"],
  ['tokens.refresh_sealed', "the app's access to the location"],
  ['vault.value_sealed', 'keys of the store, nobody’s in particular'],
]);

describeStores('erasing', (ledger) => {
  const erasure = () => ledger().store.erasure;
  const erase = async ({ line }: Filled, contactId?: string) =>
    (await erasure().erase(line.scope, { contactId })).erased;

  it('leaves nothing in any sealed column of a location, but for what it works with', async () => {
    const filled = await fillLocation(ledger());
    const before = await sealedOf(ledger(), filled);
    expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([]);
    const { erased, mediaIds } = await erasure().erase(filled.line.scope, {});
    expect(erased).toMatchObject({ messages: 4, files: 1, posts: 1, echoes: 1, contacts: 1, numbers: 3, inHand: 0 });
    expect(mediaIds).toEqual([filled.mediaId]);
    const after = await sealedOf(ledger(), filled);
    expect(Object.entries(after).filter(([name, count]) => count > 0 && !KEPT.has(name))).toEqual([]);
    for (const name of KEPT.keys()) expect([name, after[name]]).toEqual([name, before[name]]);
  });

  it('leaves no keyed hash of a text or a number, in a lane neither', async () => {
    const filled = await fillLocation(ledger());
    const { echo_key: echoKey } = await filled.line.part(filled.sent);
    expect(JSON.stringify(await rowsOf(ledger(), filled.line.scope.locationId))).toContain(filled.annaKey);
    await erase(filled);
    const left = JSON.stringify(await rowsOf(ledger(), filled.line.scope.locationId));
    expect(left).not.toContain(filled.annaKey);
    expect(left).not.toContain(echoKey!);
    const [row] = await ledger().db.knex('messages').where({ id: filled.sent.messageId });
    expect(row).toMatchObject({ content_key: null, reason_text: null, erased_at: ledger().clock.now });
  });

  it('keeps the bare facts: a message that is posted again stays a duplicate', async () => {
    const filled = await fillLocation(ledger());
    const { line, sent, arrived } = filled;
    await erase(filled);
    expect(await line.message(sent)).toMatchObject({ state: 'delivered', contact_id: 'contact-anna' });
    expect(await line.part(sent)).toMatchObject({ state: 'delivered', gateway_id: expect.any(String) });
    expect(await line.accept({ to: 'anna', messageKey: sent.messageKey })).toMatchObject({ duplicate: true });
    expect(await line.arrives({ from: 'anna', gatewayId: arrived.gatewayId })).toMatchObject({ duplicate: true });
    await ledger().store.messages.lifecycle(line.scope, arrived.messageId);
    expect((await line.message(sent)).content_sealed).toBeNull();
  });

  it('erases one contact, and nothing of another one or of another location', async () => {
    const [filled, other] = [await fillLocation(ledger()), await fillLocation(ledger())];
    const foreign = await rowsOf(ledger(), other.line.scope.locationId);
    const ben = await filled.line.message(filled.toBen);
    expect(await erase(filled, 'contact-anna')).toMatchObject({
      ...{ messages: 3, files: 1, posts: 1, echoes: 1, contacts: 1, numbers: 2, inHand: 0 },
    });
    expect(await filled.line.message(filled.toBen)).toEqual(ben);
    expect(await rowsOf(ledger(), other.line.scope.locationId)).toEqual(foreign);
    const mine = JSON.stringify(await rowsOf(ledger(), filled.line.scope.locationId));
    expect(mine).not.toContain(filled.annaKey);
  });

  it('keeps what the gateway posted and nobody has applied yet, unless all of the location goes', async () => {
    const filled = await fillLocation(ledger());
    await ledger().store.posts.store(filled.line.scope, filled.line.connectionId, Buffer.from('new'));
    expect(await erase(filled, 'contact-ben')).toMatchObject({ posts: 1 });
    expect(await erase(filled)).toMatchObject({ posts: 1 });
  });

  it('leaves what is in hand and says so; once that has ended the same call erases it', async () => {
    const filled = await fillLocation(ledger());
    const inHand = await filled.line.grant(await filled.line.accept({ to: 'anna', text: 'Going out' }));
    expect(await erase(filled, 'contact-anna')).toMatchObject({ messages: 3, inHand: 1 });
    expect(inHand.message.content_sealed).toEqual(
      (await filled.line.message({ messageId: inHand.message.id })).content_sealed,
    );
    await filled.line.record(inHand, OUTCOMES.invalid);
    expect(await erase(filled, 'contact-anna')).toMatchObject({ messages: 1, inHand: 0 });
    expect(await erase(filled, 'contact-anna')).toMatchObject({ messages: 0, posts: 0, echoes: 0, contacts: 0 });
  });

  it('keeps the lane of a sender whose next message waits in it', async () => {
    const filled = await fillLocation(ledger());
    const waiting = await filled.line.arrives({ from: 'anna' });
    const { lane_id: lane } = await filled.line.message(waiting);
    expect(await erase(filled)).toMatchObject({ inHand: 1 });
    expect((await filled.line.message(waiting)).lane_id).toBe(lane);
    await filled.line.grant(waiting);
  });

  it('works beside senders and contacts that write at the same time', async () => {
    const filled = await fillLocation(ledger());
    const writes = Array.from({ length: 8 }, () => filled.line.arrives({ from: 'anna' }));
    const erasures = Array.from({ length: 3 }, () => erase(filled));
    await Promise.all([...writes, ...erasures]);
    expect(await erase(filled)).toMatchObject({ messages: 0, inHand: 8 });
  });

  it('leaves no file that was being fetched meanwhile', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ to: 'anna' });
    await line.cancel(message);
    await erasure().erase(line.scope, { contactId: 'contact-anna' });
    const late = ledger().store.media.keep(line.scope, fileOf(message.messageId));
    await expect(late).rejects.toMatchObject({ code: 'not_found' });
    expect(await ledger().db.knex('media').where({ location_id: line.scope.locationId })).toEqual([]);
  });

  it('finds the echo of an erased message whose chat had a LID alone', async () => {
    const line = await openLine(ledger());
    const [toAnna, toBen] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    for (const message of [toAnna, toBen]) await line.echo(await line.send(message), { to: null });
    for (const message of [toAnna, toBen]) await line.receipt((await line.part(message)).gateway_id!, 'delivered');
    const { erased } = await erasure().erase(line.scope, { contactId: 'contact-anna' });
    expect(erased).toMatchObject({ messages: 1, echoes: 1 });
    const left = await ledger().db.knex('echoes').where({ location_id: line.scope.locationId });
    expect(left).toEqual([expect.objectContaining({ part_id: (await line.part(toBen)).id })]);
  });

  it("erases the gateway's words that the retention kept for GHL", async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ to: 'anna' });
    await line.record(await line.grant(message), OUTCOMES.invalid);
    ledger().clock.advance(2 * 86_400_000);
    await erasure().expire(86_400_000);
    expect((await line.message(message)).reason_text).not.toBeNull();
    await erasure().erase(line.scope, { contactId: 'contact-anna' });
    expect((await line.message(message)).reason_text).toBeNull();
  });

  it('names what is to be cancelled first, the newest message first', async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'anna' })];
    const toBen = await line.accept({ to: 'ben' });
    const arrived = await line.arrives({ from: 'anna' });
    const unfinished = (contactId?: string) => erasure().unfinished(line.scope, { contactId });
    expect(await unfinished('contact-anna')).toEqual(
      expect.arrayContaining([arrived.messageId, second.messageId, first.messageId]),
    );
    expect(await unfinished('contact-anna')).toHaveLength(3);
    expect((await unfinished()).filter((id) => id !== arrived.messageId)).toEqual([
      ...[toBen.messageId, second.messageId, first.messageId],
    ]);
  });

  it('finds the locations that hold something of a contact', async () => {
    const contactId = fresh('contact');
    const lines = [await openLine(ledger()), await openLine(ledger())];
    for (const line of lines) await line.accept({ contactId });
    await ledger().store.contacts.remember({ locationId: 'elsewhere' }, 'key', {
      ...{ contactId, conversationId: null, providerId: null },
    });
    const expected = [...lines.map(({ scope }) => scope.locationId), 'elsewhere'].sort();
    expect(await erasure().locationsOf(contactId)).toEqual(expected);
    expect(await erasure().locationsOf('nobody')).toEqual([]);
  });
});

/** How many values each sealed column holds of a location; the vault has no location. */
async function sealedOf(ledger: TestStore, { line }: Filled): Promise<Record<string, number>> {
  const rows = await rowsOf(ledger, line.scope.locationId);
  const counts: Record<string, number> = {};
  for (const { table, column } of SEALED_COLUMNS) {
    const own = (rows[table] ?? (await ledger.db.knex(table))) as Record<string, unknown>[];
    counts[`${table}.${column}`] = own.filter((row) => row[column] !== null).length;
  }
  return counts;
}
