import type { Typed } from './line';
import { describeStores } from './describeStores';
import { fresh, openLine, type Line } from './line';

const ALARM_MS = 600_000;
const RECEIPT_WAIT_MS = 259_200_000;
const GROUP = { channel: 'whatsapp', value: '120363000000000001@g.us' } as const;

describeStores('receipts by mode', (ledger) => {
  const learn = () => ledger().store.alerts.learnReceipts();
  const rowOf = async ({ scope, connectionId }: Line) => (await ledger().store.connections.get(scope, connectionId))!;
  const setReceipts = (line: Line, receipts: string) => line.setConnection({ settings: JSON.stringify({ receipts }) });
  const lifeOf = (line: Line, { messageId }: { messageId: string }) =>
    ledger().store.messages.lifecycle(line.scope, messageId);

  /** Sends a message that the gateway takes, and confirms with the server's ack. */
  async function sentAndAcked(line: Line, input: Typed = {}): Promise<{ messageId: string; gatewayId: string }> {
    const { messageId } = await line.accept({ to: fresh('contact'), ...input });
    const gatewayId = await line.send({ messageId });
    await line.receipt(gatewayId, 'server');
    return { messageId, gatewayId };
  }

  async function severalAcked(line: Line, n: number): Promise<{ messageId: string; gatewayId: string }[]> {
    const sent = [];
    for (let i = 0; i < n; i++) sent.push(await sentAndAcked(line));
    return sent;
  }

  it('full: a server ack alone stays pending, a delivery receipt delivers', async () => {
    const line = await openLine(ledger());
    await setReceipts(line, 'full');
    const sent = await severalAcked(line, 6);
    ledger().clock.advance(ALARM_MS);
    expect(await learn()).toEqual([]);
    expect(await lifeOf(line, sent[0]!)).toMatchObject({ state: 'sent', tell: null });
    await line.receipt(sent[0]!.gatewayId, 'delivered');
    expect(await lifeOf(line, sent[0]!)).toMatchObject({ state: 'delivered', tell: 'delivered' });
  });

  it('none: acceptance confirmed by echo or server ack is the delivery, acceptance alone is not', async () => {
    const line = await openLine(ledger());
    await setReceipts(line, 'none');
    const acked = await sentAndAcked(line);
    const echoed = await line.accept({ to: 'echoed' });
    const gatewayId = await line.send(echoed);
    expect((await line.message(echoed)).state).toBe('sent');
    await line.echo(gatewayId, { to: 'echoed' });
    expect((await line.message(acked)).state).toBe('delivered');
    expect((await line.message(echoed)).state).toBe('delivered');
  });

  it('auto begins as full, and a delivery receipt settles it there for good', async () => {
    const line = await openLine(ledger());
    const first = await sentAndAcked(line);
    expect((await line.message(first)).state).toBe('sent');
    await line.receipt(first.gatewayId, 'delivered');
    expect((await rowOf(line)).receipts_learnt).toBe('full');
    const later = await severalAcked(line, 7);
    ledger().clock.advance(ALARM_MS * 2);
    expect(await learn()).toEqual([]);
    expect((await rowOf(line)).receipts_learnt).toBe('full');
    expect((await line.message(later[0]!)).state).toBe('sent');
  });

  it('auto becomes none at the fifth acked send without a receipt; those five are delivered by their acks', async () => {
    const line = await openLine(ledger());
    const sent = await severalAcked(line, 4);
    ledger().clock.advance(ALARM_MS);
    expect(await learn()).toEqual([]);
    sent.push(await sentAndAcked(line));
    const fifthAt = (await line.part(sent[4]!)).written_at!;
    ledger().clock.now = fifthAt + ALARM_MS - 1;
    expect(await learn()).toEqual([]);
    expect((await rowOf(line)).receipts_learnt).toBeNull();
    ledger().clock.advance(1);
    const wakes = await learn();
    expect(wakes.map(({ messageId }) => messageId)).toEqual(sent.map(({ messageId }) => messageId));
    expect((await rowOf(line)).receipts_learnt).toBe('none');
    for (const one of sent) expect(await lifeOf(line, one)).toMatchObject({ state: 'delivered', tell: 'delivered' });
    expect((await line.message(await sentAndAcked(line))).state).toBe('delivered');
    expect(await learn()).toEqual([]);
  });

  it('auto counts neither what has no ack nor groups nor what was refused by a nack', async () => {
    const line = await openLine(ledger());
    await severalAcked(line, 3);
    for (let n = 0; n < 3; n++) await line.send(await line.accept({ to: fresh('silent') }));
    for (let n = 0; n < 3; n++) await sentAndAcked(line, { address: { ...GROUP }, to: fresh('group') });
    const refused = await severalAcked(line, 2);
    for (const { gatewayId } of refused) await line.receipt(gatewayId, 'nack');
    ledger().clock.advance(ALARM_MS);
    expect(await learn()).toEqual([]);
    expect((await rowOf(line)).receipts_learnt).toBeNull();
  });

  it('auto counts messages: the parts of a long one are not five', async () => {
    const line = await openLine(ledger());
    const long = await line.accept({ to: 'off', text: 'a'.repeat(4096 * 6) });
    const { m } = await line.part(long);
    expect(m).toBeGreaterThan(5);
    for (let n = 0; n < m; n++) await line.receipt(await line.send(long), 'server');
    await severalAcked(line, 3);
    ledger().clock.advance(ALARM_MS);
    expect(await learn()).toEqual([]);
    expect((await rowOf(line)).receipts_learnt).toBeNull();
    expect((await line.message(long)).state).toBe('sent');
    await severalAcked(line, 1);
    ledger().clock.advance(ALARM_MS);
    expect(await learn()).toHaveLength(5);
  });

  it('auto learns nothing from the time in which the number was down', async () => {
    const line = await openLine(ledger());
    await severalAcked(line, 5);
    const { connections } = ledger().store;
    await connections.recordProbe(line.scope, line.connectionId, { kind: 'held', state: 'relogin', text: '' });
    ledger().clock.advance(ALARM_MS);
    expect(await learn()).toEqual([]);
    await connections.recordProbe(line.scope, line.connectionId, { kind: 'connected' });
    expect(await learn()).toEqual([]);
    ledger().clock.advance(ALARM_MS);
    expect(await learn()).toHaveLength(5);
  });

  it('a receipt that comes after all turns none into full', async () => {
    const line = await openLine(ledger());
    const sent = await severalAcked(line, 5);
    ledger().clock.advance(ALARM_MS);
    await learn();
    await line.receipt(sent[0]!.gatewayId, 'delivered');
    expect((await rowOf(line)).receipts_learnt).toBe('full');
    expect((await line.message(await sentAndAcked(line))).state).toBe('sent');
  });

  it("a setting beats what was learnt, and a connection's own alarm time counts", async () => {
    const line = await openLine(ledger());
    await line.setConnection({ settings: JSON.stringify({ receiptAlarmMs: 1_000 }) });
    await severalAcked(line, 5);
    ledger().clock.advance(1_000);
    expect(await learn()).toHaveLength(5);
    await setReceipts(line, 'full');
    expect((await line.message(await sentAndAcked(line))).state).toBe('sent');
  });

  it('a group is delivered by echo or server ack whatever the mode, and awaits no receipt', async () => {
    const line = await openLine(ledger());
    await setReceipts(line, 'full');
    const message = await line.accept({ address: { ...GROUP }, to: 'group' });
    const gatewayId = await line.send(message);
    expect((await line.message(message)).state).toBe('sent');
    await line.receipt(gatewayId, 'server');
    expect(await lifeOf(line, message)).toMatchObject({ state: 'delivered', tell: 'delivered', receiptsForMs: null });
    expect((await rowOf(line)).unreceipted_since).toBeNull();
  });

  it('at the end of the wait an ack that counts by then delivers, and without one it is unknown', async () => {
    const line = await openLine(ledger());
    const acked = await sentAndAcked(line);
    const silent = await line.accept({ to: 'silent' });
    await line.send(silent);
    await setReceipts(line, 'none');
    ledger().clock.advance(RECEIPT_WAIT_MS);
    expect(await lifeOf(line, acked)).toMatchObject({ state: 'delivered', tell: 'delivered' });
    expect(await lifeOf(line, silent)).toMatchObject({ state: 'unknown', reason: 'no_delivery_receipt' });
  });
});
