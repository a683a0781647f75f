import type { Address } from '../../src/domain/address';
import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { fresh, openLine, typed, type Line } from './line';

/** A group of its own for every case. */
const newGroup = (): Address => ({ channel: 'whatsapp', value: `${fresh('12036')}@g.us` });

/** A location with two numbers. */
async function openTwo(ledger: TestStore): Promise<[Line, Line]> {
  const first = await openLine(ledger);
  return [first, await openLine(ledger, { scope: first.scope, installed: false })];
}

describeStores('a group with two numbers of a location', (ledger) => {
  const arrives = (line: Line, group: Address, gatewayId = fresh('G')) =>
    ledger().store.messages.acceptInbound(line.scope, { ...line.inbound({ gatewayId }), from: group });
  const messagesOf = ({ scope }: Line) => ledger().db.knex('messages').where({ location_id: scope.locationId });

  it('has each message once, whichever number posts it first', async () => {
    const [one, two] = await openTwo(ledger());
    const group = newGroup();
    const [a, b] = [fresh('G'), fresh('G')];
    const first = await arrives(one, group, a);
    expect(await arrives(two, group, a)).toMatchObject({ duplicate: true, messageId: first.messageId });
    expect((await arrives(two, group, b)).duplicate).toBe(false);
    expect((await arrives(one, group, b)).duplicate).toBe(true);
    expect(await messagesOf(one)).toHaveLength(2);
  });

  it('has it once also when both post it at the same moment', async () => {
    const [one, two] = await openTwo(ledger());
    const [group, id] = [newGroup(), fresh('G')];
    const all = await Promise.all([one, two, one, two].map((line) => arrives(line, group, id)));
    expect(all.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  });

  it('keeps its messages in one line, so that it gets one contact and its order', async () => {
    const [one, two] = await openTwo(ledger());
    const group = newGroup();
    const before = await arrives(one, group);
    const after = await arrives(two, group);
    expect(await two.claim(after)).toMatchObject({ kind: 'wait', reason: 'behind' });
    expect((await one.message(before)).lane_id).toBe((await two.message(after)).lane_id);
  });

  it('does not hear from one number what another one has sent', async () => {
    const [one, two] = await openTwo(ledger());
    const group = newGroup();
    const message = await ledger().store.messages.acceptOutbound(
      one.scope,
      typed({ address: group, connectionId: one.connectionId }),
    );
    const sender = (await one.message(message)).connection_id === one.connectionId ? [one, two] : [two, one];
    const gatewayId = await sender[0]!.send(message);
    expect(await arrives(sender[1]!, group, gatewayId)).toMatchObject({
      duplicate: true,
      messageId: message.messageId,
    });
    const typedThere = fresh('PHONE');
    const echo = {
      connectionId: one.connectionId,
      gatewayId: typedThere,
      to: group,
      content: { v: 1 as const, text: 'x' },
    };
    await ledger().store.messages.recordEcho(one.scope, { ...echo, at: ledger().clock.now, mayBeOwn: true });
    await ledger().store.messages.takeOwn(one.scope, one.connectionId, typedThere);
    expect((await arrives(two, group, typedThere)).duplicate).toBe(true);
  });

  it('takes an id of another group for another message', async () => {
    const [one, two] = await openTwo(ledger());
    const id = fresh('G');
    await arrives(one, newGroup(), id);
    expect((await arrives(two, newGroup(), id)).duplicate).toBe(false);
  });

  it('is another group for another location, with the same id of a message', async () => {
    const [one, other] = [await openLine(ledger()), await openLine(ledger())];
    const [group, id] = [newGroup(), fresh('G')];
    const [mine, theirs] = [await arrives(one, group, id), await arrives(other, group, id)];
    expect(theirs.duplicate).toBe(false);
    expect((await one.message(mine)).lane_id).not.toBe((await other.message(theirs)).lane_id);
  });

  it('knows both numbers, and answers through the one that brought the last message', async () => {
    const [one, two] = await openTwo(ledger());
    const [group, id] = [newGroup(), fresh('G')];
    await arrives(one, group, id);
    await arrives(two, group, id);
    const { chats, contacts } = ledger().store;
    const contact = { contactId: fresh('contact'), conversationId: null, providerId: null };
    await contacts.remember(one.scope, contacts.keyOf(group), contact);
    expect(await chats.ofContact(one.scope, contact.contactId)).toMatchObject({ connectionId: one.connectionId });
    expect(await ledger().db.knex('chats').where({ location_id: one.scope.locationId })).toHaveLength(2);
    ledger().clock.advance(1);
    await arrives(two, group);
    expect(await chats.ofContact(one.scope, contact.contactId)).toMatchObject({ connectionId: two.connectionId });
  });

  it('leaves no lane behind when the last of its numbers goes', async () => {
    const [one, two] = await openTwo(ledger());
    const message = await arrives(one, newGroup());
    const posted = { ghlMessageId: fresh('ghl'), contactId: fresh('contact'), conversationId: null };
    await ledger().store.messages.recordPosted((await one.grant(message)).claim, { kind: 'posted', ...posted });
    const event = { id: fresh('event'), type: 'UNINSTALL', ...one.scope, companyId: null, planId: null };
    await ledger().store.appEvents.apply({ ...event, at: ledger().clock.now });
    ledger().clock.advance(1_001);
    await ledger().store.connections.purge(1_000);
    const left = (table: string) => ledger().db.knex(table).where({ location_id: two.scope.locationId });
    expect(await left('connections')).toEqual([]);
    expect(await left('lanes').where({ kind: 'inbound' })).toEqual([]);
    expect((await one.message(message)).lane_id).toBe(`park:${one.scope.locationId}`);
  });

  it('is forgotten with its lane when it is erased', async () => {
    const [one] = await openTwo(ledger());
    const group = newGroup();
    const message = await arrives(one, group);
    const posted = { ghlMessageId: fresh('ghl'), contactId: fresh('contact'), conversationId: null };
    await ledger().store.messages.recordPosted((await one.grant(message)).claim, { kind: 'posted', ...posted });
    await ledger().store.erasure.erase(one.scope, { contactId: posted.contactId });
    const lanes = await ledger().db.knex('lanes').where({ location_id: one.scope.locationId, kind: 'inbound' });
    expect(lanes).toHaveLength(0);
  });
});
