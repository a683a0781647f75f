import { describeStores } from './describeStores';
import { openLine, OUTCOMES } from './line';
import type * as LinesAsParts from '../support/linesAsParts';

/** Here a text has a part for each of its lines. */
jest.mock('../../src/domain/parts', () =>
  jest
    .requireActual<typeof LinesAsParts>('../support/linesAsParts')
    .linesAsParts(jest.requireActual('../../src/domain/parts')),
);

const LEASE = 40_000;

describeStores('a message of several parts', (ledger) => {
  it('goes out part by part, in order', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: 'one\ntwo\nthree' });
    for (const [index, text] of ['one', 'two', 'three'].entries()) {
      const granted = await line.grant(message);
      expect(granted).toMatchObject({ part: { kind: 'text', text }, claim: { n: index + 1, m: 3 } });
      await line.record(granted, { kind: 'accepted', gatewayId: `ID-${text}` });
      ledger().clock.now = await line.freeAt();
    }
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'sent' });
  });

  it('is finished for its contact when all its parts are', async () => {
    const line = await openLine(ledger());
    const [long, next] = [await line.accept({ text: 'one\ntwo' }), await line.accept()];
    await line.send(long);
    expect(await line.claim(next)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await line.send(long);
    await line.grant(next);
  });

  it('lets another contact go between two parts', async () => {
    const line = await openLine(ledger());
    const [long, reply] = [await line.accept({ to: 'anna', text: 'one\ntwo' }), await line.accept({ to: 'ben' })];
    await line.send(long);
    await ledger().db.knex('messages').where({ id: reply.messageId }).update({ rank: -1 });
    expect(await line.claim(long)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await line.send(reply);
    await line.grant(long);
  });

  it('stops at a part that failed, and the reason of that part stays', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: 'one\ntwo\nthree' });
    const gatewayId = await line.send(message);
    await line.record(await line.grant(message), OUTCOMES.invalid);
    expect(await line.message(message)).toMatchObject({ state: 'failed', open: 0 });
    expect((await line.part(message, 3)).state).toBe('cancelled');
    await line.receipt(gatewayId, 'read');
    const { code, text } = OUTCOMES.invalid;
    expect(await line.message(message)).toMatchObject({ state: 'failed', reason: code, reason_text: text });
    expect((await line.part(message, 1)).state).toBe('read');
  });

  it('waits with its rest for the echo of an ambiguous part, and shows at the end that one is unknown', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: 'one\ntwo' });
    await line.record(await line.grant(message), OUTCOMES.timeout);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'awaiting_echo' });
    ledger().clock.advance(60_000);
    await line.send(message);
    expect(await line.message(message)).toMatchObject({ state: 'unknown', reason: 'no_echo' });
    await line.echo('LATE', { text: 'one' });
    expect(await line.message(message)).toMatchObject({ state: 'sent', reason: null });
  });

  it('goes on at once when the echo of its ambiguous part comes', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: 'one\ntwo' });
    await line.record(await line.grant(message), OUTCOMES.timeout);
    ledger().clock.advance(LEASE);
    const wakes = await line.echo('ECHO-1', { text: 'one', at: ledger().clock.now });
    expect(wakes.map((wake) => wake.messageId)).toContain(message.messageId);
    expect((await line.grant(message)).claim).toMatchObject({ n: 2 });
  });

  it('takes the receipts of one part without forgetting what the rest waits for', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: 'one\ntwo' });
    const gatewayId = await line.send(message);
    await line.record(await line.grant(message), OUTCOMES.busy, null);
    const before = await line.message(message);
    expect(before).toMatchObject({ state: 'waiting', reason: 'retrying' });
    await line.receipt(gatewayId, 'read');
    expect(await line.message(message)).toEqual(before);
    ledger().clock.now = before.not_before;
    await line.receipt(await line.send(message), 'delivered');
    expect((await line.message(message)).state).toBe('delivered');
  });

  it('is not cancelled between two parts: the contact has read the first', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: 'one\ntwo' });
    await line.send(message);
    const cancelled = await ledger().store.messages.cancel(line.scope, message.messageId, { reason: 'test' });
    expect(cancelled).toEqual({ cancelled: false, state: 'waiting', wakes: [] });
    await line.grant(message);
  });

  it('expires in the middle when its number stays lost', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: 'one\ntwo' });
    await line.send(message);
    await line.setConnection({ state: 'relogin' });
    await line.claim(message);
    ledger().clock.advance(259_200_000);
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'failed' });
    expect(await line.message(message)).toMatchObject({ reason: 'expired_while_held' });
  });
});
