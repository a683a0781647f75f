import { lidAddress } from '../../src/domain/address';
import { describeStores } from './describeStores';
import { addressOf, fresh, openLine, type Line } from './line';

const DAY = 86_400_000;

describeStores('a contact that writes', (ledger) => {
  const sleep = (messages: readonly { messageId: string }[]) =>
    ledger()
      .db.knex('messages')
      .whereIn(
        'id',
        messages.map(({ messageId }) => messageId),
      )
      .update({ next_wake_at: ledger().clock.now + DAY });
  const classed = async (line: Line, message: { messageId: string }) => {
    const { class: own, rank } = await line.message(message);
    return [own, rank];
  };
  const ids = (wakes: readonly { messageId: string }[]) => wakes.map(({ messageId }) => messageId);

  it('raises what waits for it, and wakes the head', async () => {
    const line = await openLine(ledger());
    const other = await line.accept({ to: 'ben', text: 'Dear Ben' });
    const waiting = await line.accept({ to: 'anna', text: 'Dear Anna' });
    await sleep([other, waiting]);
    expect(await classed(line, waiting)).toEqual(['bulk', 2]);
    const arrived = await line.arrives({ from: 'anna' });
    expect(await classed(line, waiting)).toEqual(['reply', 1]);
    expect(await classed(line, other)).toEqual(['bulk', 2]);
    expect(arrived.wakes).toMatchObject([{ messageId: waiting.messageId, laneId: `out:${line.connectionId}` }]);
    expect((await line.lane()).wake_due_message).toBe(waiting.messageId);
    await line.send(waiting);
  });

  it('raises it on every number of the location, and nowhere else', async () => {
    const line = await openLine(ledger());
    const second = await openLine(ledger(), { scope: line.scope, installed: false });
    const elsewhere = await openLine(ledger());
    const here = await line.accept({ to: 'anna', text: 'one', connectionId: line.connectionId });
    const there = await line.accept({ to: 'anna', text: 'two', connectionId: second.connectionId });
    const stranger = await elsewhere.accept({ to: 'anna', text: 'three' });
    await sleep([here, there, stranger]);
    const arrived = await second.arrives({ from: 'anna' });
    expect(ids(arrived.wakes).sort()).toEqual([here.messageId, there.messageId].sort());
    expect(await classed(line, here)).toEqual(['reply', 1]);
    expect(await classed(second, there)).toEqual(['reply', 1]);
    expect(await classed(elsewhere, stranger)).toEqual(['bulk', 2]);
  });

  it('raises what is parked, and wakes nobody where nobody may go', async () => {
    const scope = { locationId: fresh('location') };
    const line = await openLine(ledger(), { scope, connected: false });
    const waiting = await line.accept({ to: 'anna', text: 'one' });
    await sleep([waiting]);
    expect((await line.arrives({ from: 'anna' })).wakes).toEqual([]);
    expect(await classed(line, waiting)).toEqual(['reply', 1]);
  });

  it('raises what waits for the number behind a hidden identity', async () => {
    const line = await openLine(ledger());
    const waiting = await line.accept({ to: 'anna', text: 'one' });
    const hidden = { ...line.inbound(), from: lidAddress('27560000009') };
    await ledger().store.messages.acceptInbound(line.scope, hidden);
    expect(await classed(line, waiting)).toEqual(['bulk', 2]);
    const known = [{ lid: '27560000009', phone: addressOf('anna') }];
    await ledger().store.identities.learn(line.scope, line.connectionId, known);
    await ledger().store.messages.acceptInbound(line.scope, { ...hidden, gatewayId: fresh('IN') });
    expect(await classed(line, waiting)).toEqual(['reply', 1]);
  });

  it('leaves a campaign bulk, although it answers', async () => {
    const line = await openLine(ledger());
    const sale = [];
    for (const to of ['anna', 'ben', 'cem']) sale.push(await line.accept({ to, text: 'Sale!' }));
    await line.arrives({ from: 'ben' });
    for (const message of sale) expect(await classed(line, message)).toEqual(['bulk', 2]);
  });

  it('takes the earlier ones along, also those of a campaign', async () => {
    const line = await openLine(ledger());
    const sale = [];
    for (const to of ['anna', 'ben', 'cem']) sale.push(await line.accept({ to, text: 'Sale!' }));
    ledger().clock.advance(700_000);
    const own = await line.accept({ to: 'ben', text: 'Your order' });
    await line.arrives({ from: 'ben' });
    expect(await classed(line, sale[1]!)).toEqual(['bulk', 1]);
    expect(await classed(line, own)).toEqual(['reply', 1]);
    for (const message of [sale[1]!, own, sale[0]!]) await line.send(message);
  });

  it('raises a person to more answers in a minute', async () => {
    const line = await openLine(ledger());
    for (let n = 0; n < 5; n++) await line.arrives({ from: `many-${n}` });
    const accepted = [];
    for (let n = 0; n < 6; n++)
      accepted.push(await line.accept({ to: `many-${n}`, text: `Hello ${n}`, userId: 'user-1' }));
    expect(await classed(line, accepted[5]!)).toEqual(['bulk', 2]);
    await line.arrives({ from: 'many-5' });
    expect(await classed(line, accepted[5]!)).toEqual(['reply', 0]);
  });

  it('raises nothing twice, by an old message, or by what was typed on the phone', async () => {
    const line = await openLine(ledger());
    const waiting = await line.accept({ to: 'anna', text: 'one' });
    const { acceptInbound } = ledger().store.messages;
    await acceptInbound(line.scope, { ...line.inbound({ from: 'anna' }), at: ledger().clock.now - DAY });
    await acceptInbound(line.scope, { ...line.inbound({ from: 'anna' }), own: true });
    expect(await classed(line, waiting)).toEqual(['bulk', 2]);
    const first = await line.arrives({ from: 'anna', gatewayId: 'IN-TWICE' });
    expect(await classed(line, waiting)).toEqual(['reply', 1]);
    await sleep([waiting]);
    expect((await line.arrives({ from: 'anna', gatewayId: 'IN-TWICE' })).wakes).toEqual([]);
    expect(ids(first.wakes)).toEqual([]);
  });
});
