import { doubt, unknownOne } from '../support/doubt';
import { describeStores } from './describeStores';
import { addressOf, connectInput, fresh, openLine, OUTCOMES } from './line';
import type { PartSpec } from '../../src/domain/parts';

describeStores('the same words once more after a send in doubt', (ledger) => {
  const clock = () => ledger().clock;
  const lifecycle = (line: { scope: { locationId: string } }, { messageId }: { messageId: string }) =>
    ledger().store.messages.lifecycle(line.scope, messageId);

  it('wait for the proof of that, hold nobody else, and are sent when none comes', async () => {
    const line = await openLine(ledger());
    await unknownOne(line, clock());
    const [again, other] = [await line.accept(), await line.accept({ to: 'ben' })];
    expect(await line.message(again)).toMatchObject({ state: 'waiting', reason: 'awaiting_earlier' });
    expect(await line.claim(again)).toMatchObject({ kind: 'wait', reason: 'awaiting_earlier', ms: 60_000 });
    await line.send(other);
    clock().now = (await line.message(again)).earlier_until! - 1;
    expect(await line.claim(again)).toMatchObject({ kind: 'wait', ms: 1 });
    clock().advance(1);
    await line.send(again);
  });

  it('are not sent when the echo comes: they have the status of the first, and everything that comes of that', async () => {
    const line = await openLine(ledger());
    const first = await unknownOne(line, clock());
    const again = await line.accept();
    const wakes = await line.echo('ECHO', { at: clock().now - 60_000 });
    expect(wakes.map(({ messageId }) => messageId)).toEqual([first.messageId, again.messageId]);
    expect(await line.claim(again)).toMatchObject({ kind: 'done', state: 'sent' });
    expect(await line.part(again)).toMatchObject({ state: 'sent', claimed_at: null, gateway_id: null, ack: null });
    expect(await line.message(again)).toMatchObject({ reason: 'earlier_arrived', claimed: 0, open: 0 });
    for (const level of ['delivered', 'read'] as const) {
      const told = await line.receipt('ECHO', level);
      expect(told.map(({ messageId }) => messageId)).toEqual([first.messageId, again.messageId]);
      expect(await lifecycle(line, again)).toMatchObject({ state: level, tell: level });
    }
  });

  it('let the next one of the contact go when they follow', async () => {
    const line = await openLine(ledger());
    await unknownOne(line, clock());
    const [again, next] = [await line.accept(), await line.accept({ text: 'And more' })];
    await line.echo('ECHO', { at: clock().now - 60_000 });
    const done = await line.claim(again);
    expect(done).toMatchObject({ kind: 'done', wake: { messageId: next.messageId } });
    await line.grant(next);
  });

  it('follow at once when the proof came before, and GHL still shows the first as unknown', async () => {
    const line = await openLine(ledger());
    const first = await unknownOne(line, clock());
    await ledger().store.messages.markTold(line.scope, first.messageId, 'unknown');
    await line.echo('ECHO', { at: clock().now - 60_000 });
    const again = await line.accept();
    expect(await line.claim(again)).toMatchObject({ kind: 'done', state: 'sent' });
  });

  it('are another message when the first is proven and GHL knows', async () => {
    const line = await openLine(ledger());
    const first = await unknownOne(line, clock());
    await line.echo('ECHO', { at: clock().now - 60_000 });
    await line.receipt('ECHO', 'delivered');
    await ledger().store.messages.markTold(line.scope, first.messageId, 'delivered');
    expect(await line.claim(await line.accept())).toMatchObject({ kind: 'granted' });
  });

  it('are sent at once after a failure, and beside an equal one that waits', async () => {
    const line = await openLine(ledger());
    await line.record(await line.grant(await line.accept()), OUTCOMES.invalid);
    clock().now = await line.freeAt();
    const [again, twice] = [await line.accept(), await line.accept()];
    await line.send(again);
    expect(await line.claim(twice)).toMatchObject({ kind: 'granted' });
  });

  it('look past one that was cancelled', async () => {
    const line = await openLine(ledger());
    await unknownOne(line, clock());
    const given = await line.accept();
    expect(await line.cancel(given)).toMatchObject({ cancelled: true });
    expect(await line.claim(await line.accept())).toMatchObject({ reason: 'awaiting_earlier' });
  });

  it('wait neither for other words, nor another contact, nor another address of the contact, nor for a day', async () => {
    const line = await openLine(ledger());
    await unknownOne(line, clock());
    for (const other of [{ text: 'Hello!' }, { to: 'ben' }, { address: addressOf('anna-corrected') }]) {
      await line.send(await line.accept(other));
    }
    clock().advance(24 * 3_600_000);
    expect(await line.claim(await line.accept())).toMatchObject({ kind: 'granted' });
  });

  it('change nothing of the second by a proof that comes after it was sent', async () => {
    const line = await openLine(ledger());
    const first = await unknownOne(line, clock());
    const again = await line.accept();
    clock().advance(60_000);
    await line.send(again, fresh('SECOND'));
    const before = await line.message(again);
    const wakes = await line.echo('LATE', { at: clock().now - 150_000 });
    expect(wakes.map(({ messageId }) => messageId)).toEqual([first.messageId]);
    await line.receipt('LATE', 'read');
    await lifecycle(line, again);
    expect(await line.message(again)).toEqual(before);
    expect(await line.message(first)).toMatchObject({ state: 'read' });
  });

  it('go on when the proof comes after their first part has left', async () => {
    const line = await openLine(ledger());
    await unknownOne(line, clock());
    const halves: PartSpec[] = [
      { kind: 'text', slice: [0, 2] },
      { kind: 'text', slice: [2, 5] },
    ];
    const again = await line.accept({ parts: halves });
    clock().advance(60_000);
    await line.send(again);
    await line.echo('LATE', { at: clock().now - 150_000 });
    expect((await line.grant(again)).claim).toMatchObject({ n: 2, m: 2 });
  });

  it('a retry of a retry heeds both', async () => {
    const line = await openLine(ledger());
    const first = await unknownOne(line, clock());
    const second = await line.accept();
    clock().advance(60_000);
    await doubt(line, clock(), second);
    const third = await line.accept();
    await line.echo('OF-FIRST', { at: clock().now - 180_000 });
    expect((await line.part(first)).gateway_id).toBe('OF-FIRST');
    expect(await line.claim(third)).toMatchObject({ kind: 'done', state: 'sent' });
    await line.receipt('OF-FIRST', 'delivered');
    expect(await lifecycle(line, third)).toMatchObject({ state: 'delivered' });
    expect(await line.message(second)).toMatchObject({ state: 'unknown' });
  });

  it('pressed twice, both follow', async () => {
    const line = await openLine(ledger());
    await unknownOne(line, clock());
    const [one, two] = [await line.accept(), await line.accept()];
    await line.echo('ECHO', { at: clock().now - 60_000 });
    expect(await line.claim(one)).toMatchObject({ kind: 'done', state: 'sent' });
    expect(await line.claim(two)).toMatchObject({ kind: 'done', state: 'sent' });
  });

  it('follow also when the wait is over and the number is lost', async () => {
    const line = await openLine(ledger());
    await unknownOne(line, clock());
    const again = await line.accept();
    await line.setConnection({ state: 'relogin', state_since: clock().now });
    clock().advance(120_000);
    expect(await line.claim(again)).toMatchObject({ kind: 'wait', reason: 'relogin' });
    const wakes = await line.echo('ECHO', { at: clock().now - 180_000 });
    expect(wakes.map(({ messageId }) => messageId)).toContain(again.messageId);
    expect(await line.claim(again)).toMatchObject({ kind: 'done', state: 'sent' });
  });

  it('are unknown again when WhatsApp takes the first back, and delivered when it was wrong', async () => {
    const line = await openLine(ledger());
    await unknownOne(line, clock());
    const again = await line.accept();
    await line.echo('ECHO', { at: clock().now - 60_000 });
    await line.claim(again);
    await line.receipt('ECHO', 'nack');
    expect(await lifecycle(line, again)).toMatchObject({ state: 'unknown', reason: 'nack', tell: 'unknown' });
    await line.receipt('ECHO', 'delivered');
    expect(await lifecycle(line, again)).toMatchObject({ state: 'delivered', tell: 'delivered' });
  });

  it('are found by the sweeper when the wake was lost: before they follow, and after', async () => {
    const line = await openLine(ledger());
    await unknownOne(line, clock());
    const again = await line.accept();
    const isOverdue = async () => {
      clock().advance(20_001);
      return (await ledger().store.sweep.overdue()).some(({ messageId }) => messageId === again.messageId);
    };
    await line.echo('ECHO', { at: clock().now - 60_000 });
    expect(await isOverdue()).toBe(true);
    await line.claim(again);
    expect(await isOverdue()).toBe(false);
    await line.receipt('ECHO', 'delivered');
    expect(await isOverdue()).toBe(true);
    await lifecycle(line, again);
    expect(await isOverdue()).toBe(false);
  });

  it('can be cancelled while they wait, and stay so', async () => {
    const line = await openLine(ledger());
    await unknownOne(line, clock());
    const again = await line.accept();
    await line.claim(again);
    expect(await line.cancel(again)).toMatchObject({ cancelled: true });
    await line.echo('ECHO', { at: clock().now - 60_000 });
    expect(await line.claim(again)).toMatchObject({ kind: 'done', state: 'cancelled' });
    expect(await lifecycle(line, again)).toMatchObject({ state: 'cancelled', tell: 'failed' });
  });

  it('heed a send on another number, and either follow it or go before its proof', async () => {
    const line = await openLine(ledger());
    const other = await ledger().store.connections.connect(line.scope, connectInput());
    await ledger().store.connections.recordProbe(line.scope, other.connectionId, { kind: 'connected' });
    for (let n = 0; n < 8; n++) {
      const of = { to: `p${n}`, text: 'Hello' };
      const first = await unknownOne(line, clock(), { ...of, connectionId: line.connectionId });
      const again = await line.accept({ ...of, connectionId: other.connectionId });
      clock().advance(60_000);
      const [, claim] = await Promise.all([
        line.echo(`ECHO-${n}`, { ...of, at: clock().now - 120_000 }),
        line.claim(again),
      ]);
      expect(await line.message(first)).toMatchObject({ state: 'sent' });
      const follows = claim.kind === 'done';
      expect(await line.part(again)).toMatchObject({ state: follows ? 'sent' : 'sending' });
      if (!follows) await line.record(await granted(claim), { kind: 'accepted', gatewayId: fresh('SECOND') });
      await Promise.all([line.receipt(`ECHO-${n}`, 'delivered'), lifecycle(line, again)]);
      expect((await lifecycle(line, again)).state).toBe(follows ? 'delivered' : 'sent');
      clock().advance(60_000);
    }
  });
});

/** A claim that was granted; anything else is a fault of the case. */
function granted<T extends { kind: string }>(claim: T): Promise<T & { kind: 'granted' }> {
  return claim.kind === 'granted'
    ? Promise.resolve(claim as T & { kind: 'granted' })
    : Promise.reject(new Error(`not granted: ${claim.kind}`));
}
