import type { Told } from '../../src/domain/messageStatus';
import { describeStores } from './describeStores';
import { openLine, OUTCOMES, type Line } from './line';

const FIRST_DELAY = 3_000;

describeStores('telling GHL', (ledger) => {
  const life = (line: Line, { messageId }: { messageId: string }) =>
    ledger().store.messages.lifecycle(line.scope, messageId);
  const told = (line: Line, { messageId }: { messageId: string }, what: Told) =>
    ledger().store.messages.markTold(line.scope, messageId, what);
  const untold = async () => (await ledger().store.sweep.untold()).map((one) => one.messageId);

  it('waits until GHL has written its own message down', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.invalid);
    expect(await life(line, message)).toMatchObject({ tell: 'failed', tellInMs: FIRST_DELAY });
    ledger().clock.advance(FIRST_DELAY);
    expect(await life(line, message)).toMatchObject({ tell: 'failed', tellInMs: 0 });
  });

  it('says nothing of what is on its way: GHL shows it as pending by itself', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    expect(await life(line, message)).toMatchObject({ state: 'accepted', tell: null });
    await line.send(message);
    expect(await life(line, message)).toMatchObject({ state: 'sent', tell: null });
  });

  it('says each thing once, and only ever more', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const gatewayId = await line.send(message);
    await line.receipt(gatewayId, 'delivered');
    expect(await life(line, message)).toMatchObject({ tell: 'delivered' });
    await told(line, message, 'delivered');
    expect(await life(line, message)).toMatchObject({ tell: null });
    await line.receipt(gatewayId, 'read');
    expect(await life(line, message)).toMatchObject({ tell: 'read' });
    await told(line, message, 'read');
    expect(await life(line, message)).toMatchObject({ tell: null, receiptsForMs: null });
  });

  it('corrects an unknown one that arrived after all', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.timeout);
    ledger().clock.advance(60_000);
    await line.claim(message);
    expect(await life(line, message)).toMatchObject({ tell: 'unknown', reason: 'no_echo' });
    await told(line, message, 'unknown');
    await line.echo('ECHO-1');
    expect(await life(line, message)).toMatchObject({ state: 'sent', tell: null });
    await line.receipt('ECHO-1', 'delivered');
    expect(await life(line, message)).toMatchObject({ tell: 'delivered' });
  });

  it('keeps what was told when a slower teller comes behind with less', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.receipt(await line.send(message), 'read');
    await told(line, message, 'read');
    await told(line, message, 'delivered');
    expect(await line.message(message)).toMatchObject({ told: 'read', tell_due_at: null });
    expect(await life(line, message)).toMatchObject({ tell: null });
  });

  it('is found by the sweeper when nobody does it, and left alone while somebody does', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.receipt(await line.send(message), 'delivered');
    ledger().clock.advance(FIRST_DELAY + 20_000);
    expect(await untold()).toContain(message.messageId);
    await ledger().store.messages.lifecycle(line.scope, message.messageId, { telling: true });
    ledger().clock.advance(60_000);
    expect(await untold()).not.toContain(message.messageId);
    ledger().clock.advance(20_001);
    expect(await untold()).toContain(message.messageId);
    await told(line, message, 'delivered');
    expect(await untold()).not.toContain(message.messageId);
  });

  it('is given up where GHL does not take it, until there is more to say', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const gatewayId = await line.send(message);
    await line.receipt(gatewayId, 'delivered');
    await ledger().store.messages.giveUpTelling(line.scope, message.messageId);
    ledger().clock.advance(100_000);
    expect(await untold()).not.toContain(message.messageId);
    await line.receipt(gatewayId, 'read');
    ledger().clock.advance(100_000);
    expect(await untold()).toContain(message.messageId);
  });

  it('is not needed for what did not come from GHL', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ ghlMessageId: null });
    await line.record(await line.grant(message), OUTCOMES.invalid);
    expect(await life(line, message)).toMatchObject({ state: 'failed', tell: null });
    ledger().clock.advance(100_000);
    expect(await untold()).not.toContain(message.messageId);
  });

  it('expects no more once it was read, and lets the sweeper rest', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.receipt(await line.send(message), 'read');
    expect(await life(line, message)).toMatchObject({ receiptsForMs: null });
    expect(await line.message(message)).toMatchObject({ next_wake_at: null });
  });
});
