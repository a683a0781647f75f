import { describeStores } from './describeStores';
import { addressOf, openLine, type Line } from './line';

describeStores('opt-outs of one person under several names', (ledger) => {
  const taskOf = async ({ scope }: Line) =>
    (await ledger().store.optOuts.takeDue(100)).find(({ locationId }) => locationId === scope.locationId);
  /** A message to the number that GHL has went to the one under which the gateway knows the account. */
  async function openBrazil(lid?: string): Promise<Line> {
    const line = await openLine(ledger(), { gateway: 'checking' });
    const first = await line.accept({ to: 'brazil9', prepare: true });
    await line.claim(first);
    const number = { kind: 'known' as const, exists: true, number: addressOf('brazil8'), lid };
    await ledger().store.messages.recordPrepared(line.scope, first.messageId, { files: [], number });
    await line.send(first);
    return line;
  }

  it('hold for the number of GHL that the gateway knows under another one, whichever contact has it', async () => {
    const line = await openBrazil();
    await line.arrives({ from: 'brazil8', text: 'STOP' });
    const anew = { to: 'brazil9', contactId: 'contact-imported', prepare: true };
    expect(await line.claim(await line.accept(anew))).toMatchObject({ kind: 'done', state: 'failed' });
    ledger().clock.advance(1_000);
    await line.arrives({ from: 'brazil8', text: 'START' });
    expect(await line.claim(await line.accept(anew))).toMatchObject({ kind: 'granted' });
  });

  it('by the hidden identity of that other number hold too', async () => {
    const { store, clock } = ledger();
    const lid = `${clock.now}4`;
    const line = await openBrazil(lid);
    const hidden = { ...line.inbound({ text: 'STOP' }), from: { channel: 'whatsapp' as const, value: `${lid}@lid` } };
    await store.messages.acceptInbound(line.scope, hidden);
    const anew = await line.accept({ to: 'brazil9', contactId: 'contact-imported', prepare: true });
    expect(await line.claim(anew)).toMatchObject({ kind: 'done', state: 'failed' });
  });

  it('under one name that a later START under another has ended are not told to GHL again by a merge', async () => {
    const line = await openLine(ledger());
    const { store, clock, db } = ledger();
    const lid = `${clock.now}5`;
    const hidden = { ...line.inbound({ text: 'STOP' }), from: { channel: 'whatsapp' as const, value: `${lid}@lid` } };
    await store.messages.acceptInbound(line.scope, hidden);
    await store.optOuts.finish((await taskOf(line))!, { confirmed: true, told: true });
    const start = async () => {
      clock.advance(1_000);
      await line.arrives({ text: 'START' });
    };
    await start();
    await store.identities.learn(line.scope, line.connectionId, [{ lid, phone: addressOf('anna') }]);
    await start();
    const { id } = await db.knex('identities').where({ location_id: line.scope.locationId }).first('id');
    await store.identities.finishMerge(line.scope, id, null);
    expect(await taskOf(line)).toBeUndefined();
    expect(await line.claim(await line.accept())).toMatchObject({ kind: 'granted' });
  });
});
