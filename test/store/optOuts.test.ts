import { describeStores } from './describeStores';
import { addressOf, fresh, openLine, type Line } from './line';

describeStores('opt-outs', (ledger) => {
  const rowOf = async ({ scope }: Line) =>
    await ledger().db.knex('opt_outs').where({ location_id: scope.locationId }).first();
  const taskOf = async ({ scope }: Line) =>
    (await ledger().store.optOuts.takeDue(100)).find(({ locationId }) => locationId === scope.locationId);
  const post = async (line: Line, message: { messageId: string }, contactId = 'contact-anna') => {
    const ids = { ghlMessageId: fresh('ghl'), contactId, conversationId: null };
    await ledger().store.messages.recordPosted((await line.grant(message)).claim, { kind: 'posted', ...ids });
  };

  it('are noted with the message that says so, once; the word is posted to GHL like any other', async () => {
    const line = await openLine(ledger());
    const stop = await line.arrives({ text: 'STOP', gatewayId: 'STOP-1' });
    await line.arrives({ text: 'STOP', gatewayId: 'STOP-1' });
    await line.arrives({ text: 'stop', gatewayId: 'STOP-2' });
    expect(await rowOf(line)).toMatchObject({ state: 'out', message_id: stop.messageId, dnd_due: 1, confirm_due: 1 });
    expect(await line.claim(stop)).toMatchObject({ kind: 'granted' });
  });

  it('are not made by other texts, nor by an own list that lacks the word', async () => {
    const line = await openLine(ledger());
    await line.arrives({ text: 'Where is the bus stop?' });
    await ledger().store.locations.changeSettings(line.scope, { stopWords: ['tak nak'] });
    await line.arrives({ text: 'STOP' });
    expect(await rowOf(line)).toBeUndefined();
    await line.arrives({ text: 'Tak nak!' });
    expect(await rowOf(line)).toMatchObject({ state: 'out' });
  });

  it('fail what is sent to the contact at the claim, also what was accepted before; START lets it through', async () => {
    const line = await openLine(ledger());
    const before = await line.accept();
    await line.arrives({ text: 'STOP' });
    const after = await line.accept();
    const toBen = await line.accept({ to: 'ben' });
    for (const message of [before, after]) {
      expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'failed' });
      expect(await line.message(message)).toMatchObject({ state: 'failed', reason: 'opted_out' });
      expect((await line.message(message)).tell_due_at).not.toBeNull();
    }
    await line.send(toBen);
    ledger().clock.advance(1_000);
    await line.arrives({ text: 'start' });
    expect(await line.claim(await line.accept())).toMatchObject({ kind: 'granted' });
  });

  it('also when the same contact is written to under another number, and in no other location', async () => {
    const [line, other] = [await openLine(ledger()), await openLine(ledger())];
    const stop = await line.arrives({ text: 'STOP' });
    await post(line, stop);
    await taskOf(line);
    const byOtherNumber = await line.accept({ to: 'anna-at-home', contactId: 'contact-anna' });
    expect(await line.claim(byOtherNumber)).toMatchObject({ kind: 'done', state: 'failed' });
    expect(await other.claim(await other.accept())).toMatchObject({ kind: 'granted' });
  });

  it('by a hidden identity hold for the number that is learnt for it, and its START ends them', async () => {
    const line = await openLine(ledger());
    const { store, clock } = ledger();
    const lid = `${clock.now}1`;
    const hidden = { ...line.inbound({ text: 'STOP' }), from: { channel: 'whatsapp' as const, value: `${lid}@lid` } };
    await store.messages.acceptInbound(line.scope, hidden);
    await store.identities.learn(line.scope, line.connectionId, [{ lid, phone: addressOf('anna') }]);
    const refused = await line.accept();
    expect(await line.claim(refused)).toMatchObject({ kind: 'done', state: 'failed' });
    expect(await line.message(refused)).toMatchObject({ reason: 'opted_out' });
    clock.advance(1_000);
    await line.arrives({ text: 'START' });
    expect(await line.claim(await line.accept())).toMatchObject({ kind: 'granted' });
  });

  it('are told to GHL again when the contact of a hidden identity was merged, and not confirmed again', async () => {
    const line = await openLine(ledger());
    const { store, clock, db } = ledger();
    const lid = `${clock.now}3`;
    const hidden = { ...line.inbound({ text: 'STOP' }), from: { channel: 'whatsapp' as const, value: `${lid}@lid` } };
    const stop = await store.messages.acceptInbound(line.scope, hidden);
    await post(line, stop, 'contact-hidden');
    await store.optOuts.finish((await taskOf(line))!, { confirmed: true, told: true });
    await store.identities.learn(line.scope, line.connectionId, [{ lid, phone: addressOf('anna') }]);
    const { id } = await db.knex('identities').where({ location_id: line.scope.locationId }).first('id');
    expect(await taskOf(line)).toBeUndefined();
    await store.identities.finishMerge(line.scope, id, null);
    expect(await taskOf(line)).toMatchObject({ state: 'out', dnd: true, confirm: null });
  });

  it('under two names of one person follow the last word', async () => {
    const line = await openLine(ledger());
    const { store, clock } = ledger();
    const lid = `${clock.now}2`;
    const say = async (text: string, from = addressOf('anna')) => {
      clock.advance(1_000);
      await store.messages.acceptInbound(line.scope, { ...line.inbound({ text }), from });
    };
    await say('STOP');
    await say('START');
    await say('STOP', { channel: 'whatsapp', value: `${lid}@lid` });
    await store.identities.learn(line.scope, line.connectionId, [{ lid, phone: addressOf('anna') }]);
    expect(await line.claim(await line.accept())).toMatchObject({ kind: 'done', state: 'failed' });
    await say('START');
    expect(await line.claim(await line.accept())).toMatchObject({ kind: 'granted' });
  });

  it('of what came late count by when they were written', async () => {
    const line = await openLine(ledger());
    const at = ledger().clock.now - 60_000;
    const say = (text: string, when: number) =>
      ledger().store.messages.acceptInbound(line.scope, { ...line.inbound({ text }), at: when });
    await say('STOP', at);
    await say('START', at + 2_000);
    await say('STOP', at + 1_000);
    expect(await rowOf(line)).toMatchObject({ state: 'in', said_at: at + 2_000 });
    await say('STOP', at + 3_000);
    await say('STOP', at + 5_000);
    await say('START', at + 4_000);
    expect(await rowOf(line)).toMatchObject({ state: 'out', said_at: at + 5_000 });
  });

  it('are none where the START that was written behind the STOP came first; then GHL is told nothing', async () => {
    const line = await openLine(ledger());
    const at = ledger().clock.now - 60_000;
    const say = (text: string, when: number) =>
      ledger().store.messages.acceptInbound(line.scope, { ...line.inbound({ text }), at: when });
    await say('START', at + 2_000);
    await say('STOP', at + 1_000);
    expect(await line.claim(await line.accept())).toMatchObject({ kind: 'granted' });
    expect(await taskOf(line)).toBeUndefined();
  });

  it('are made by a STOP behind a START of a clock that is ahead', async () => {
    const line = await openLine(ledger());
    const { store, clock } = ledger();
    const say = (text: string, at: number) =>
      store.messages.acceptInbound(line.scope, { ...line.inbound({ text }), at });
    await say('STOP', clock.now);
    await say('START', clock.now + 365 * 86_400_000);
    clock.advance(1_000);
    await say('STOP', clock.now);
    expect(await line.claim(await line.accept())).toMatchObject({ kind: 'done', state: 'failed' });
  });

  it('leave a task that one taker has at a time, with the contact once it is known', async () => {
    const line = await openLine(ledger());
    const stop = await line.arrives({ from: 'zoe', text: 'STOP' });
    const task = (await taskOf(line))!;
    expect(task).toMatchObject({ state: 'out', contactId: null, isArriving: true, dnd: true });
    expect(task.confirm).toMatchObject({ to: { value: '+60-zoe' }, text: expect.stringContaining('START') });
    expect(await taskOf(line)).toBeUndefined();
    await ledger().store.optOuts.finish(task, { confirmed: false, told: false, laterMs: 5_000 });
    await post(line, stop, 'contact-zoe');
    expect(await taskOf(line)).toBeUndefined();
    ledger().clock.advance(5_000);
    const again = (await taskOf(line))!;
    expect(again).toMatchObject({ contactId: 'contact-zoe', tries: 2 });
    await ledger().store.optOuts.finish(again, { confirmed: true, told: true });
    ledger().clock.advance(3_600_000);
    expect(await taskOf(line)).toBeUndefined();
  });

  it('know whom they are about before GHL has the word, where we wrote to the contact', async () => {
    const line = await openLine(ledger());
    await line.send(await line.accept());
    await line.arrives({ text: 'STOP' });
    expect(await taskOf(line)).toMatchObject({ contactId: 'contact-anna' });
  });

  it('are overtaken by the next word: its turn comes when the first taker is done, and is not marked as done by it', async () => {
    const line = await openLine(ledger());
    await line.send(await line.accept());
    await line.arrives({ text: 'STOP' });
    const stop = (await taskOf(line))!;
    ledger().clock.advance(1_000);
    await line.arrives({ text: 'START' });
    expect(await taskOf(line)).toBeUndefined();
    await ledger().store.optOuts.finish(stop, { confirmed: true, told: true });
    expect(await taskOf(line)).toMatchObject({ state: 'in', dnd: true, confirm: null });
  });

  it('of a taker that died are taken up by the next one', async () => {
    const line = await openLine(ledger());
    await line.arrives({ text: 'STOP' });
    expect(await taskOf(line)).toBeDefined();
    ledger().clock.advance(60_000);
    expect(await taskOf(line)).toBeDefined();
  });

  it('are not confirmed where the location wants no confirmation, and in its own words where it has some', async () => {
    const [silent, own] = [await openLine(ledger()), await openLine(ledger())];
    await ledger().store.locations.changeSettings(silent.scope, { stopConfirmation: '' });
    await ledger().store.locations.changeSettings(own.scope, { stopConfirmation: 'Selamat tinggal.' });
    await silent.arrives({ text: 'STOP' });
    await own.arrives({ text: 'STOP' });
    const tasks = await ledger().store.optOuts.takeDue(100);
    const confirmOf = ({ scope }: Line) => tasks.find(({ locationId }) => locationId === scope.locationId)?.confirm;
    expect([confirmOf(silent), confirmOf(own)?.text]).toEqual([null, 'Selamat tinggal.']);
  });

  it('stay when the contact is erased, and say so in what is exported', async () => {
    const line = await openLine(ledger());
    await line.send(await line.accept());
    await line.arrives({ text: 'STOP' });
    const page = await ledger().store.exports.others(
      line.scope,
      { contactId: 'contact-anna' },
      { table: 'opt_outs', after: '' },
    );
    expect(page.lines).toMatchObject([{ kind: 'optOut', state: 'out' }]);
    await ledger().store.erasure.erase(line.scope, { contactId: 'contact-anna' });
    expect(await line.claim(await line.accept())).toMatchObject({ kind: 'done', state: 'failed' });
  });
});
