import { lidAddress } from '../../src/domain/address';
import { describeStores } from './describeStores';
import { addressOf, openLine, type Line } from './line';

const HOUR = 3_600_000;

describeStores('the class of a message', (ledger) => {
  const classOf = async (line: Line, message: { messageId: string }) => {
    const { class: own, rank } = await line.message(message);
    return [own, rank];
  };
  /** Accepts one message to each of so many contacts, at once. */
  const acceptMany = async (
    line: Line,
    count: number,
    more: { userId?: string; text?: (n: number) => string } = {},
  ) => {
    const accepted = [];
    for (let n = 0; n < count; n++)
      accepted.push(await line.accept({ to: `many-${n}`, userId: more.userId, text: more.text?.(n) ?? 'Hello' }));
    return accepted;
  };
  const own = (n: number) => `Hello number ${n}`;

  it('is reply for a person, and for whoever answers within a day; bulk for the rest', async () => {
    const line = await openLine(ledger());
    expect(await classOf(line, await line.accept({ to: 'anna', text: 'a' }))).toEqual(['bulk', 2]);
    expect(await classOf(line, await line.accept({ to: 'ben', text: 'b', userId: 'user-1' }))).toEqual(['reply', 0]);
    await line.arrives({ from: 'cem' });
    ledger().clock.advance(24 * HOUR - 1);
    expect(await classOf(line, await line.accept({ to: 'cem', text: 'c' }))).toEqual(['reply', 1]);
    ledger().clock.advance(1);
    expect(await classOf(line, await line.accept({ to: 'cem', text: 'd' }))).toEqual(['bulk', 2]);
  });

  it('knows a contact that wrote under another name of it, and to another number', async () => {
    const line = await openLine(ledger());
    const other = await openLine(ledger(), { scope: line.scope, installed: false });
    await other.arrives({ from: 'anna' });
    const named = { connectionId: line.connectionId };
    expect((await classOf(line, await line.accept({ to: 'anna', ...named })))[0]).toBe('reply');
    const hidden = { ...line.inbound(), from: lidAddress('27560000008') };
    await ledger().store.messages.acceptInbound(line.scope, hidden);
    expect((await classOf(line, await line.accept({ to: 'ben', ...named })))[0]).toBe('bulk');
    const known = [{ lid: '27560000008', phone: addressOf('ben') }];
    await ledger().store.identities.learn(line.scope, line.connectionId, known);
    expect((await classOf(line, await line.accept({ to: 'ben', ...named })))[0]).toBe('reply');
  });

  it('takes nothing typed on the phone for a word of the contact, nothing old that arrives late, no stranger', async () => {
    const line = await openLine(ledger());
    const elsewhere = await openLine(ledger());
    await ledger().store.messages.acceptInbound(line.scope, { ...line.inbound({ from: 'anna' }), own: true });
    const late = { ...line.inbound({ from: 'ben' }), at: ledger().clock.now - 24 * HOUR };
    await ledger().store.messages.acceptInbound(line.scope, late);
    await elsewhere.arrives({ from: 'cem' });
    for (const to of ['anna', 'ben', 'cem'])
      expect((await classOf(line, await line.accept({ to, text: to })))[0]).toBe('bulk');
  });

  it("keeps bulk for a user's bulk action, whatever it says", async () => {
    const line = await openLine(ledger());
    const accepted = await acceptMany(line, 30, { userId: 'user-1', text: own });
    const classes = await Promise.all(accepted.map((message) => classOf(line, message)));
    expect(classes.map(([of]) => of)).toEqual([...Array<string>(5).fill('reply'), ...Array<string>(25).fill('bulk')]);
  });

  it('is bulk for a blast of a workflow to contacts that wrote', async () => {
    const line = await openLine(ledger());
    for (let n = 0; n < 8; n++) await line.arrives({ from: `many-${n}` });
    const same = await acceptMany(line, 3);
    expect((await classOf(line, same[2]!))[0]).toBe('bulk');
    ledger().clock.advance(HOUR);
    const fast = await acceptMany(line, 8, { text: own });
    expect((await classOf(line, fast[4]!))[0]).toBe('reply');
    expect((await classOf(line, fast[5]!))[0]).toBe('bulk');
  });

  it('lets a person answer twenty in a minute, and another person go on', async () => {
    const line = await openLine(ledger());
    for (let n = 0; n < 21; n++) await line.arrives({ from: `many-${n}` });
    const accepted = await acceptMany(line, 21, { userId: 'user-1', text: own });
    expect(await classOf(line, accepted[19]!)).toEqual(['reply', 0]);
    expect(await classOf(line, accepted[20]!)).toEqual(['bulk', 2]);
    const other = await line.accept({ to: 'many-0', userId: 'user-2', text: 'And you?' });
    expect(await classOf(line, other)).toEqual(['reply', 0]);
  });

  it('is judged by what the same sender does in the same location only', async () => {
    const [line, elsewhere] = [await openLine(ledger()), await openLine(ledger())];
    await acceptMany(elsewhere, 3, { userId: 'user-1' });
    expect((await classOf(line, await line.accept({ userId: 'user-1' })))[0]).toBe('reply');
  });

  it('takes much from one sender for a machine, though it goes to few', async () => {
    const line = await openLine(ledger());
    let last = await line.accept({ userId: 'user-1', text: 'text 0' });
    for (let n = 1; n < 64; n++) last = await line.accept({ userId: 'user-1', text: `text ${n}` });
    expect((await classOf(line, last))[0]).toBe('reply');
    expect((await classOf(line, await line.accept({ userId: 'user-1', text: 'text 64' })))[0]).toBe('bulk');
  });

  it('is reply for the confirmation of an opt-out', async () => {
    const line = await openLine(ledger());
    const said = await line.accept({ source: 'optout', ghlMessageId: null });
    expect(await classOf(line, said)).toEqual(['reply', 1]);
  });

  it('is noted of what is never sent: it counts among what its sender sent', async () => {
    const line = await openLine(ledger());
    const failure = { reason: 'bad_number' };
    for (const to of ['anna', 'ben']) await line.accept({ to, userId: 'user-1', failure });
    expect((await classOf(line, await line.accept({ to: 'cem', userId: 'user-1' })))[0]).toBe('bulk');
  });
});
