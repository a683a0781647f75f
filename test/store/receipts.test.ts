import { describeStores } from './describeStores';
import { fresh, openLine } from './line';

type Level = 'nack' | 'pending' | 'server' | 'delivered' | 'read';
const RECEIPT_WAIT = 259_200_000;

describeStores('receipts', (ledger) => {
  it.each<[Level[], string]>([
    [['pending'], 'sent'],
    [['server'], 'sent'],
    [['delivered'], 'delivered'],
    [['read'], 'read'],
    [['server', 'delivered', 'read'], 'read'],
    [['read', 'delivered', 'server', 'pending'], 'read'],
    [['delivered', 'pending', 'delivered', 'server'], 'delivered'],
    [['nack'], 'unknown'],
    [['server', 'nack'], 'unknown'],
    [['nack', 'nack'], 'unknown'],
    [['nack', 'server'], 'sent'],
    [['nack', 'delivered'], 'delivered'],
    [['delivered', 'nack'], 'delivered'],
    [['read', 'nack', 'delivered'], 'read'],
  ])('%j after the outcome: %s', async (levels, state) => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const gatewayId = await line.send(message);
    for (const level of levels) await line.receipt(gatewayId, level);
    expect((await line.message(message)).state).toBe(state);
  });

  it.each<[Level[], string]>([
    [['server'], 'sent'],
    [['delivered', 'read'], 'read'],
    [['read', 'delivered', 'server'], 'read'],
    [['nack'], 'unknown'],
    [['server', 'nack'], 'unknown'],
    [['nack', 'server'], 'sent'],
    [['nack', 'delivered'], 'delivered'],
  ])('%j before the outcome: %s', async (levels, state) => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const granted = await line.grant(message);
    const gatewayId = fresh('WAMID');
    for (const level of levels) {
      expect(await line.receipt(gatewayId, level)).toEqual([]);
      ledger().clock.advance(1);
    }
    await line.record(granted, { kind: 'accepted', gatewayId });
    expect((await line.message(message)).state).toBe(state);
  });

  describe('a nack of what an echo or ack has delivered', () => {
    const GROUP = { channel: 'whatsapp', value: '120363000000000001@g.us' } as const;
    type Sign = 'echo' | Level;

    async function after(signs: Sign[], to: 'one' | 'group', beforeOutcome: boolean) {
      const line = await openLine(ledger());
      await line.setConnection({ settings: JSON.stringify({ receipts: to === 'one' ? 'none' : 'full' }) });
      const message = await line.accept({ to, ...(to === 'group' ? { address: { ...GROUP } } : {}) });
      const gatewayId = fresh('WAMID');
      const granted = await line.grant(message);
      if (!beforeOutcome) await line.record(granted, { kind: 'accepted', gatewayId });
      for (const sign of signs) {
        await (sign === 'echo' ? line.echo(gatewayId, { to }) : line.receipt(gatewayId, sign));
        ledger().clock.advance(1);
      }
      if (beforeOutcome) await line.record(granted, { kind: 'accepted', gatewayId });
      const connection = await ledger().store.connections.get(line.scope, line.connectionId);
      const { state, reason } = await line.message(message);
      return { state, reason, alarm: connection?.nacked_at != null };
    }

    const REFUSED = { state: 'unknown', reason: 'nack', alarm: true };

    it.each<[Sign[], 'one' | 'group', boolean]>([
      [['echo', 'nack'], 'one', false],
      [['server', 'nack'], 'one', false],
      [['echo', 'server', 'nack'], 'one', false],
      [['nack', 'echo'], 'one', false],
      [['echo', 'nack'], 'one', true],
      [['server', 'nack'], 'one', true],
      [['echo', 'nack'], 'group', false],
      [['server', 'nack'], 'group', false],
      [['echo', 'nack'], 'group', true],
    ])('%j to %s makes it unknown and raises the alarm (before the outcome: %j)', async (signs, to, beforeOutcome) => {
      expect(await after(signs, to, beforeOutcome)).toEqual(REFUSED);
    });

    it.each<[Sign[], string]>([
      [['echo', 'delivered', 'nack'], 'delivered'],
      [['echo', 'read', 'nack'], 'read'],
      [['delivered', 'server', 'nack'], 'delivered'],
    ])('%j changes nothing: a delivery receipt is the better proof', async (signs, state) => {
      for (const beforeOutcome of [false, true])
        expect(await after(signs, 'one', beforeOutcome)).toEqual({ state, reason: null, alarm: false });
    });
  });

  it('wakes the run when something has changed, and only then', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const gatewayId = await line.send(message);
    expect(await line.receipt(gatewayId, 'server')).toEqual([]);
    expect(await line.receipt(gatewayId, 'delivered')).toMatchObject([{ messageId: message.messageId, claimed: true }]);
    expect(await line.receipt(gatewayId, 'delivered')).toEqual([]);
  });

  it('of what the bridge did not send change nothing', async () => {
    const line = await openLine(ledger());
    expect(await line.receipt('STRANGER', 'read')).toEqual([]);
  });

  it('at the same moment as the outcome are not lost', async () => {
    const line = await openLine(ledger());
    for (let n = 0; n < 10; n++) {
      const message = await line.accept({ to: `p${n}` });
      const granted = await line.grant(message);
      const gatewayId = fresh('WAMID');
      await Promise.all([
        line.record(granted, { kind: 'accepted', gatewayId }),
        line.receipt(gatewayId, 'delivered'),
        line.receipt(gatewayId, 'read'),
        line.receipt(gatewayId, 'delivered'),
      ]);
      expect((await line.message(message)).state).toBe('read');
      ledger().clock.now = await line.freeAt();
    }
  });

  it('that a crash has kept from their part are found by the sweeper', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const gatewayId = await line.send(message);
    await line.receipt(gatewayId, 'delivered');
    await ledger().db.knex('receipts').where({ gateway_id: gatewayId }).update({ applied: 0 });
    await ledger().db.knex('message_parts').where({ gateway_id: gatewayId }).update({ state: 'sent' });
    const left = async () =>
      (await ledger().store.sweep.unmatchedReceipts(20_000)).filter((one) => one.gatewayId === gatewayId);
    ledger().clock.advance(20_000);
    expect(await left()).toEqual([]);
    ledger().clock.advance(1);
    expect(await left()).toEqual([{ ...line.scope, connectionId: line.connectionId, gatewayId }]);
    await ledger().store.messages.applyReceipts(line.scope, line.connectionId, gatewayId);
    expect((await line.message(message)).state).toBe('delivered');
    expect(await left()).toEqual([]);
  });

  it('none for long: unknown, and a late one corrects it', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const gatewayId = await line.send(message);
    const sentAt = (await line.message(message)).state_since;
    const life = () => ledger().store.messages.lifecycle(line.scope, message.messageId);
    ledger().clock.now = sentAt + RECEIPT_WAIT - 1;
    expect(await life()).toMatchObject({ state: 'sent', tell: null, receiptsForMs: 1 });
    ledger().clock.advance(1);
    expect(await life()).toMatchObject({
      state: 'unknown',
      reason: 'no_delivery_receipt',
      tell: 'unknown',
      receiptsForMs: null,
    });
    await line.receipt(gatewayId, 'delivered');
    expect(await life()).toMatchObject({ state: 'delivered', reason: null, tell: 'delivered' });
  });

  it('a nack is told in words, causes no send, and a late receipt corrects it', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const gatewayId = await line.send(message);
    await line.receipt(gatewayId, 'nack');
    const life = () => ledger().store.messages.lifecycle(line.scope, message.messageId);
    expect(await life()).toMatchObject({ state: 'unknown', reason: 'nack', tell: 'unknown' });
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'unknown' });
    await line.receipt(gatewayId, 'read');
    expect(await life()).toMatchObject({ state: 'read', tell: 'read' });
  });

  it("with `receipts: none` the server's ack is the delivery", async () => {
    const line = await openLine(ledger());
    await line.setConnection({ settings: JSON.stringify({ receipts: 'none' }) });
    const message = await line.accept();
    const gatewayId = await line.send(message);
    expect((await line.message(message)).state).toBe('sent');
    await line.receipt(gatewayId, 'server');
    expect((await line.message(message)).state).toBe('delivered');
    const life = await ledger().store.messages.lifecycle(line.scope, message.messageId);
    expect(life).toMatchObject({ tell: 'delivered', receiptsForMs: null });
  });

  it('do not mix up two numbers that use the same id', async () => {
    const [one, other] = [await openLine(ledger()), await openLine(ledger())];
    const [mine, theirs] = [await one.accept(), await other.accept()];
    await one.send(mine, 'SAME');
    await other.send(theirs, 'SAME');
    await one.receipt('SAME', 'read');
    expect((await one.message(mine)).state).toBe('read');
    expect((await other.message(theirs)).state).toBe('sent');
  });
});
