import { lidAddress } from '../../src/domain/address';
import { describeStores } from './describeStores';
import { addressOf, fresh, openLine, type Line, type Typed } from './line';

describeStores('a conversation is opened once with a person', (ledger) => {
  const open = async (): Promise<Line> => {
    const line = await openLine(ledger(), { gateway: 'checking' });
    await line.setConnection({ settings: JSON.stringify({ paceTextMs: '0-0', capNewHourly: 5 }) });
    return line;
  };
  const toAnna = (line: Line, more: Typed = {}) => line.accept({ to: 'anna', prepare: true, ...more });
  /** What the gateway says of Anna's number: she has the account under another. */
  const find = (line: Line, message: { messageId: string }) =>
    ledger().store.messages.recordPrepared(line.scope, message.messageId, {
      files: [],
      number: { kind: 'known', exists: true, number: addressOf('anna-own') },
    });

  it('whose account is under another number than the typed one', async () => {
    const line = await open();
    const [first, waiting] = [await toAnna(line), await toAnna(line)];
    await line.claim(first);
    await find(line, first);
    await line.send(first);
    expect(await line.part(first)).toMatchObject({ opens: 1 });
    expect((await line.message(waiting)).fresh).toBe(0);
    const later = await toAnna(line);
    expect((await line.message(later)).fresh).toBe(0);
    await line.send(waiting);
    await line.send(later);
    expect([await line.part(waiting), await line.part(later)]).toMatchObject([{ opens: 0 }, { opens: 0 }]);
  });

  it('who wrote under the other number before that was known', async () => {
    const line = await open();
    await line.arrives({ from: 'anna-own' });
    const message = await toAnna(line);
    expect((await line.message(message)).fresh).toBe(1);
    await line.claim(message);
    await find(line, message);
    expect((await line.message(message)).fresh).toBe(0);
  });

  it('who wrote under a hidden identity, also while messages to the number wait', async () => {
    const line = await open();
    const [lid, waiting] = [`${Date.now()}01`, await toAnna(line)];
    await ledger().store.identities.learn(line.scope, line.connectionId, [{ lid, phone: addressOf('anna') }]);
    expect((await line.message(waiting)).fresh).toBe(1);
    await ledger().store.messages.acceptInbound(line.scope, { ...line.inbound(), from: lidAddress(lid) });
    expect((await line.message(waiting)).fresh).toBe(0);
    expect((await line.message(await toAnna(line))).fresh).toBe(0);
  });

  it('whose hidden identity was learnt after the message was accepted, and does not count then', async () => {
    const line = await open();
    const lid = `${Date.now()}02`;
    await ledger().store.messages.acceptInbound(line.scope, { ...line.inbound(), from: lidAddress(lid) });
    const message = await line.accept();
    expect((await line.message(message)).fresh).toBe(1);
    await ledger().store.identities.learn(line.scope, line.connectionId, [{ lid, phone: addressOf('anna') }]);
    await line.send(message);
    expect(await line.part(message)).toMatchObject({ opens: 0 });
  });

  it('and not when the first message was refused: what waits for the typed number opens it again', async () => {
    const line = await open();
    const [first, waiting] = [await toAnna(line), await toAnna(line)];
    await line.claim(first);
    await find(line, first);
    const granted = await line.grant(first);
    expect((await line.message(waiting)).fresh).toBe(0);
    await line.record(granted, { kind: 'rejected', retry: 'never', code: 'refused', text: fresh('No') });
    expect((await line.message(waiting)).fresh).toBe(1);
  });
});
