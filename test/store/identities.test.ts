import { lidAddress } from '../../src/domain/address';
import type { Content } from '../../src/domain/content';
import { inboundParts } from '../../src/domain/parts';
import type { Accepted } from '../../src/store/messages/acceptedRow';
import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { addressOf, fresh, openLine, PICTURE, type Line } from './line';

let lids = 27_560_000_000;
const freshLid = () => String(++lids);

/** Somebody writes of whom only a hidden identity is known. */
async function hiddenWrites(
  ledger: TestStore,
  line: Line,
  lid: string,
  { text = 'Hi', file }: Pick<Content, 'text' | 'file'> = {},
): Promise<Accepted> {
  const content = { v: 1 as const, text, ...(file && { file }) };
  const input = { ...line.inbound(), from: lidAddress(lid), content, parts: inboundParts(content) };
  return await ledger.store.messages.acceptInbound(line.scope, input);
}

describeStores('a hidden identity', (ledger) => {
  const learn = (line: Line, lid: string, who: string) =>
    ledger().store.identities.learn(line.scope, line.connectionId, [{ lid, phone: addressOf(who) }]);
  const phoneOf = (line: Line, lid: string) => ledger().store.identities.phoneOf(line.scope, line.connectionId, lid);
  const post = async (line: Line, message: { messageId: string }, contactId: string, more?: { fileFollows: true }) => {
    const { claim } = await line.grant(message);
    const ids = { ghlMessageId: fresh('ghl-message'), contactId, conversationId: `conversation-of-${contactId}` };
    await ledger().store.messages.recordPosted(claim, { kind: 'posted', ...ids, ...more });
  };
  const remember = (line: Line, key: string, contactId: string) =>
    ledger().store.contacts.remember(line.scope, key, { contactId, conversationId: null, providerId: null });
  const keyOf = (lid: string) => ledger().store.contacts.keyOf(lidAddress(lid));
  const dueOf = async (line: Line) =>
    (await ledger().store.identities.takeDueMerges()).find((one) => one.locationId === line.scope.locationId);

  it('is known by its number once that was learnt, on its own connection only', async () => {
    const [line, other] = [await openLine(ledger()), await openLine(ledger())];
    const lid = freshLid();
    expect(await phoneOf(line, lid)).toBeNull();
    await learn(line, lid, 'anna');
    await learn(line, lid, 'anna');
    expect(await phoneOf(line, lid)).toEqual(addressOf('anna'));
    expect(await phoneOf(other, lid)).toBeNull();
  });

  it('is known to the other numbers of a location by the newest word, except where they have their own', async () => {
    const [one, two] = [await openLine(ledger()), await openLine(ledger())];
    const other = await openLine(ledger(), { scope: one.scope, installed: false });
    const third = await openLine(ledger(), { scope: one.scope, installed: false });
    const lid = freshLid();
    await learn(one, lid, 'anna');
    ledger().clock.advance(1_000);
    await learn(third, lid, 'anna-new');
    expect(await phoneOf(other, lid)).toEqual(addressOf('anna-new'));
    expect(await phoneOf(one, lid)).toEqual(addressOf('anna'));
    expect(await phoneOf(two, lid)).toBeNull();
    await learn(other, lid, 'anna-new');
    expect(await ledger().db.knex('identities').where({ connection_id: other.connectionId })).toHaveLength(1);
    const hidden = await hiddenWrites(ledger(), other, lid);
    const newer = await other.arrives({ from: 'anna' });
    expect((await other.message(newer)).lane_id).toBe((await other.message(hidden)).lane_id);
  });

  it('follows a person who changes the number', async () => {
    const line = await openLine(ledger());
    const lid = freshLid();
    await learn(line, lid, 'anna');
    await learn(line, lid, 'anna-new');
    expect(await phoneOf(line, lid)).toEqual(addressOf('anna-new'));
  });

  it('is learnt twenty times at once, and can be read', async () => {
    const line = await openLine(ledger());
    const lid = freshLid();
    await Promise.all(Array.from({ length: 20 }, () => learn(line, lid, 'anna')));
    expect(await phoneOf(line, lid)).toEqual(addressOf('anna'));
  });

  it("is learnt from the check of a number, under the account's own number", async () => {
    const line = await openLine(ledger(), { gateway: 'checking' });
    const [plain, moved] = [freshLid(), freshLid()];
    for (const [lid, to, number] of [
      [plain, 'anna', undefined],
      [moved, 'ben', addressOf('ben-own')],
    ] as const) {
      const message = await line.accept({ to, prepare: true });
      const found = { files: [], number: { kind: 'known', exists: true, number, lid: `${lid}@lid` } as const };
      await ledger().store.messages.recordPrepared(line.scope, message.messageId, found);
    }
    expect(await phoneOf(line, plain)).toEqual(addressOf('anna'));
    expect(await phoneOf(line, moved)).toEqual(addressOf('ben-own'));
  });

  it('lets nothing overtake what came under it before its number was learnt', async () => {
    const line = await openLine(ledger());
    const lid = freshLid();
    const first = await hiddenWrites(ledger(), line, lid);
    await learn(line, lid, 'anna');
    const second = await line.arrives({ from: 'anna' });
    expect(await line.claim(second)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await post(line, first, 'contact-anna');
    await post(line, second, 'contact-anna');
    const third = await line.arrives({ from: 'anna' });
    expect((await line.message(third)).lane_id).not.toBe((await line.message(first)).lane_id);
  });

  it('whose contact was made before has that contact brought together with the number', async () => {
    const line = await openLine(ledger());
    const lid = freshLid();
    await remember(line, keyOf(lid), 'contact-hidden');
    await learn(line, lid, 'anna');
    const due = await dueOf(line);
    const hidden = { contactId: 'contact-hidden', conversationId: null, providerId: null };
    expect(due).toMatchObject({ phone: addressOf('anna'), hidden, known: null, moving: false });
    expect(await dueOf(line)).toBeUndefined();
    await ledger().store.identities.finishMerge(line.scope, due!.identityId, due!.hidden);
    const { contacts } = ledger().store;
    expect(await contacts.find(line.scope, keyOf(lid))).toBeNull();
    expect(await contacts.find(line.scope, contacts.keyOf(addressOf('anna')))).toEqual(hidden);
    ledger().clock.advance(600_000);
    expect(await dueOf(line)).toBeUndefined();
  });

  it('is looked at once more for a contact that was being made just then, and then left alone', async () => {
    const line = await openLine(ledger());
    const [made, none] = [freshLid(), freshLid()];
    for (const lid of [made, none]) await hiddenWrites(ledger(), line, lid);
    await learn(line, made, 'anna');
    await learn(line, none, 'ben');
    await remember(line, keyOf(made), 'contact-hidden');
    ledger().clock.advance(60_000);
    expect(await dueOf(line)).toMatchObject({ phone: addressOf('anna') });
    const left = await ledger()
      .db.knex('identities')
      .where({ lid_key: keyOf(none) })
      .first();
    expect(left.merge_due_at).toBeNull();
  });

  it('under which nothing is under way is not looked at: an address book holds up nobody', async () => {
    const line = await openLine(ledger());
    const lid = freshLid();
    await post(line, await hiddenWrites(ledger(), line, lid), 'contact-anna');
    await learn(line, lid, 'anna');
    const learnt = await ledger()
      .db.knex('identities')
      .where({ lid_key: keyOf(lid) })
      .first();
    expect(learnt.merge_due_at).toBeNull();
  });

  it('has its messages posted once more, in their order and before anything newer', async () => {
    const line = await openLine(ledger());
    const lid = freshLid();
    const [first, second] = [await hiddenWrites(ledger(), line, lid), await hiddenWrites(ledger(), line, lid)];
    for (const message of [first, second]) await post(line, message, 'contact-hidden');
    await remember(line, keyOf(lid), 'contact-hidden');
    await learn(line, lid, 'anna');
    const { identityId } = (await dueOf(line))!;
    const { identities } = ledger().store;
    const wakes = await identities.beginMove(line.scope, identityId, 'contact-hidden');
    expect(wakes.map((wake) => wake.messageId)).toEqual([first.messageId, second.messageId]);
    const newer = await line.arrives({ from: 'anna' });
    for (const message of [second, newer]) expect(await line.claim(message)).toMatchObject({ reason: 'behind' });
    expect(await identities.readMove(line.scope, identityId)).toMatchObject({ open: 2, gatewayIds: [] });
    const again = await line.grant(first);
    expect(again).toMatchObject({ lookFirst: false, message: { attempt: 2 } });
    const ids = { ghlMessageId: fresh('ghl-message'), contactId: 'contact-anna', conversationId: null };
    await ledger().store.messages.recordPosted(again.claim, { kind: 'posted', ...ids });
    await post(line, second, 'contact-anna');
    await post(line, newer, 'contact-anna');
    const moved = await identities.readMove(line.scope, identityId);
    expect(moved.open).toBe(0);
    expect(moved.gatewayIds).toHaveLength(2);
    expect(await dueOf(line)).toBeUndefined();
  });

  it('whose messages move lets nothing overtake what waits under the number', async () => {
    const line = await openLine(ledger());
    const lid = freshLid();
    const old = await hiddenWrites(ledger(), line, lid);
    await post(line, old, 'contact-hidden');
    await remember(line, keyOf(lid), 'contact-hidden');
    await learn(line, lid, 'anna');
    const picture = await line.arrives({ from: 'anna', file: PICTURE });
    await line.claim(picture);
    await ledger().store.identities.beginMove(line.scope, (await dueOf(line))!.identityId, 'contact-hidden');
    const newer = await line.arrives({ from: 'anna' });
    await post(line, old, 'contact-anna');
    expect(await line.claim(newer)).toMatchObject({ kind: 'wait', reason: 'behind' });
  });

  it('has words moved whose file is late, and stands where its words are until then', async () => {
    const line = await openLine(ledger());
    const [lid, { identities, inboundFiles, messages }] = [freshLid(), ledger().store];
    const [late, inHand] = [
      await hiddenWrites(ledger(), line, lid, { text: 'look', file: PICTURE }),
      await hiddenWrites(ledger(), line, lid, { text: 'and this', file: PICTURE }),
    ];
    for (const message of [late, inHand]) await line.claim(message);
    ledger().clock.advance(60_000);
    for (const message of [late, inHand]) await post(line, message, 'contact-hidden', { fileFollows: true });
    await remember(line, keyOf(lid), 'contact-hidden');
    await learn(line, lid, 'anna');
    await inboundFiles.record(line.scope, inHand.messageId, { kind: 'kept' });
    expect(await line.claim(late)).toMatchObject({ kind: 'wait' });
    const { claim } = await line.grant(inHand);
    const { identityId } = (await dueOf(line))!;
    const move = async () =>
      (await identities.beginMove(line.scope, identityId, 'contact-hidden')).map((wake) => wake.messageId);
    expect(await move()).toEqual([late.messageId]);
    const ids = { ghlMessageId: fresh('ghl-message'), contactId: 'contact-anna', conversationId: null };
    await messages.recordPosted(claim, { kind: 'posted', ...ids });
    expect(await line.message(inHand)).toMatchObject({ open: 0, contact_id: 'contact-hidden' });
    expect((await identities.readMove(line.scope, identityId)).gatewayIds).toEqual([]);
    expect(await move()).toEqual([inHand.messageId]);
    await inboundFiles.record(line.scope, late.messageId, { kind: 'kept' });
    const again = await line.grant(late);
    expect(again).toMatchObject({ claim: { n: 1 }, file: { behindWords: false }, content: { text: 'look' } });
    await messages.recordPosted(again.claim, { kind: 'posted', ...ids });
    await post(line, inHand, 'contact-anna');
    expect((await identities.readMove(line.scope, identityId)).gatewayIds).toHaveLength(2);
  });

  it('has only the newest 200 of its messages moved, however often that is begun', async () => {
    const line = await openLine(ledger());
    const lid = freshLid();
    const [old, newer] = [await hiddenWrites(ledger(), line, lid), await hiddenWrites(ledger(), line, lid)];
    for (const message of [old, newer]) await post(line, message, 'contact-hidden');
    await remember(line, keyOf(lid), 'contact-hidden');
    await learn(line, lid, 'anna');
    const { identityId } = (await dueOf(line))!;
    for (let n = 0; n < 199; n++) await hiddenWrites(ledger(), line, lid);
    const begun = await ledger().store.identities.beginMove(line.scope, identityId, 'contact-hidden');
    expect(begun.map((wake) => wake.messageId)).toEqual([newer.messageId]);
    expect(await ledger().store.identities.beginMove(line.scope, identityId, 'contact-hidden')).toEqual([]);
  });

  it('moves nothing of another contact, and nothing that was erased', async () => {
    const line = await openLine(ledger());
    const lid = freshLid();
    const [kept, erased] = [await hiddenWrites(ledger(), line, lid), await hiddenWrites(ledger(), line, lid)];
    await post(line, kept, 'contact-other');
    await post(line, erased, 'contact-hidden');
    await ledger().db.knex('messages').where({ id: erased.messageId }).update({ erased_at: 1, content_sealed: null });
    await remember(line, keyOf(lid), 'contact-hidden');
    await learn(line, lid, 'anna');
    const { identityId } = (await dueOf(line))!;
    expect(await ledger().store.identities.beginMove(line.scope, identityId, 'contact-hidden')).toEqual([]);
  });

  it('that has opted out has done so for its number', async () => {
    const line = await openLine(ledger());
    const lid = freshLid();
    await hiddenWrites(ledger(), line, lid, { text: 'STOP' });
    await learn(line, lid, 'anna');
    const message = await line.accept({ to: 'anna' });
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'failed' });
    expect(await line.message(message)).toMatchObject({ reason: 'opted_out' });
  });

  it('goes with its person when that is erased, and stands in the export before', async () => {
    const line = await openLine(ledger());
    const lid = freshLid();
    await post(line, await hiddenWrites(ledger(), line, lid), 'contact-anna');
    await learn(line, lid, 'anna');
    const { exports: exported, erasure } = ledger().store;
    const linesOf = async (table: 'identities' | 'chats') =>
      (await exported.others(line.scope, { contactId: 'contact-anna' }, { table, after: '' })).lines;
    expect(await linesOf('identities')).toMatchObject([{ hidden: `${lid}@lid`, number: addressOf('anna').value }]);
    expect(await linesOf('chats')).toMatchObject([{ chat: `${lid}@lid`, name: null }]);
    await erasure.erase(line.scope, { contactId: 'contact-anna' });
    expect(await linesOf('identities')).toEqual([]);
    expect(await phoneOf(line, lid)).toBeNull();
    expect(await ledger().db.knex('chats').where({ location_id: line.scope.locationId })).toEqual([]);
  });
});

describeStores('a contact without a phone', (ledger) => {
  const group = { channel: 'whatsapp' as const, value: '120363000000000001@g.us' };
  const remember = (line: Line, key: string, contactId: string) =>
    ledger().store.contacts.remember(line.scope, key, { contactId, conversationId: null, providerId: null });

  it('of a group stands for the group, on the number that is in it', async () => {
    const line = await openLine(ledger());
    const { chats, contacts, messages } = ledger().store;
    await messages.acceptInbound(line.scope, { ...line.inbound(), from: group });
    await remember(line, contacts.keyOf(group), 'contact-group');
    expect(await chats.ofContact(line.scope, 'contact-group')).toEqual({
      address: group,
      connectionId: line.connectionId,
    });
    expect(await chats.groupName(line.scope, group)).toBeNull();
    await chats.nameGroup(line.scope, line.connectionId, group, 'Family');
    await chats.nameGroup(line.scope, line.connectionId, group, 'Family 2');
    await messages.acceptInbound(line.scope, { ...line.inbound(), from: group });
    expect(await chats.groupName(line.scope, group)).toBe('Family 2');
    expect(await chats.ofContact(line.scope, 'contact-group')).toMatchObject({ address: group });
  });

  it('of a hidden identity stands for the number, once that was learnt', async () => {
    const line = await openLine(ledger());
    const { chats, contacts, identities } = ledger().store;
    const lid = freshLid();
    await hiddenWrites(ledger(), line, lid);
    await remember(line, contacts.keyOf(lidAddress(lid)), 'contact-hidden');
    expect(await chats.ofContact(line.scope, 'contact-hidden')).toMatchObject({ address: lidAddress(lid) });
    await identities.learn(line.scope, line.connectionId, [{ lid, phone: addressOf('anna') }]);
    expect(await chats.ofContact(line.scope, 'contact-hidden')).toMatchObject({ address: addressOf('anna') });
  });

  it('is none when it is the contact of a number', async () => {
    const line = await openLine(ledger());
    await line.arrives({ from: 'anna' });
    await remember(line, ledger().store.contacts.keyOf(addressOf('anna')), 'contact-anna');
    expect(await ledger().store.chats.ofContact(line.scope, 'contact-anna')).toBeNull();
  });
});
