import { describeStores } from './describeStores';
import { fresh, openLine, OUTCOMES, typed, type Line, type Typed } from './line';

const DAY = 86_400_000;

describeStores('a reply among bulk', (ledger) => {
  /** A campaign: each contact gets a text of its own, from no person. */
  const campaign = async (line: Line, count: number) => {
    const messages = [];
    for (let n = 0; n < count; n++) messages.push(await line.accept({ to: `many-${n}`, text: `Dear ${n}` }));
    return messages;
  };
  const reply = (line: Line, to: string, text = 'An answer') => line.accept({ to, text, userId: 'user-1' });
  const ranks = async (line: Line, messages: readonly { messageId: string }[]) =>
    await Promise.all(messages.map(async (message) => (await line.message(message)).rank));
  const ids = (messages: readonly { messageId: string }[]) => messages.map(({ messageId }) => messageId);
  /** Sleeps, as runs do after a refused claim. */
  const sleep = (messages: readonly { messageId: string }[]) =>
    ledger()
      .db.knex('messages')
      .whereIn('id', ids(messages))
      .update({ next_wake_at: ledger().clock.now + DAY });

  it('is next after the send in flight, however long the campaign is', async () => {
    const line = await openLine(ledger());
    const many = await campaign(line, 60);
    const inFlight = await line.grant(many[0]!);
    const answer = await reply(line, 'anna');
    expect(await line.claim(answer)).toMatchObject({ kind: 'sit', reason: 'in_flight' });
    await sleep([answer]);
    expect(ids((await line.record(inFlight, { kind: 'accepted', gatewayId: 'W-1' })).wakes)).toEqual([
      answer.messageId,
    ]);
    expect(await line.claim(many[1]!)).toMatchObject({ kind: 'wait', reason: 'behind' });
    ledger().clock.advance(60_000);
    await line.send(answer);
    await line.send(many[1]!);
  });

  it('lets persons go before other answers, and those before bulk', async () => {
    const line = await openLine(ledger());
    await line.arrives({ from: 'ben' });
    const [bulk] = await campaign(line, 1);
    const bot = await line.accept({ to: 'ben', text: 'I am a bot' });
    const person = await reply(line, 'cem');
    expect(await line.claim(bulk!)).toMatchObject({ reason: 'behind' });
    expect(await line.claim(bot)).toMatchObject({ reason: 'behind' });
    for (const message of [person, bot, bulk!]) await line.send(message);
  });

  it("takes its contact's earlier ones with it, in order, and nobody else's", async () => {
    const line = await openLine(ledger());
    const many = await campaign(line, 3);
    const [first, second] = [
      await line.accept({ to: 'anna', text: 'Reminder' }),
      await line.accept({ to: 'anna', text: 'Second reminder' }),
    ];
    await sleep([...many, first, second]);
    const answer = await reply(line, 'anna');
    expect(ids(answer.wakes)).toEqual([first.messageId]);
    expect((await line.lane()).wake_due_message).toBe(first.messageId);
    const later = await line.accept({ to: 'anna', text: 'Third reminder' });
    expect(await ranks(line, [first, second, answer, later, ...many])).toEqual([0, 0, 0, 2, 2, 2, 2]);
    for (const message of [first, second, answer, many[0]!]) await line.send(message);
  });

  it('wakes nobody where nothing was lifted, and on a number that is held', async () => {
    const line = await openLine(ledger());
    const many = await campaign(line, 2);
    const waiting = await line.accept({ to: 'anna', text: 'Reminder' });
    await sleep([...many, waiting]);
    expect((await reply(line, 'ben')).wakes).toEqual([]);
    await line.setConnection({ state: 'disconnected' });
    expect((await reply(line, 'anna')).wakes).toEqual([]);
    expect(await ranks(line, [waiting])).toEqual([0]);
  });

  it('ends its lift when it is cancelled, as far as no other reply lifts', async () => {
    const line = await openLine(ledger());
    await line.arrives({ from: 'anna' });
    const many = await campaign(line, 1);
    const reminder = await line.accept({ to: 'anna', text: 'Reminder', userId: 'user-1', source: 'other' });
    await ledger().db.knex('messages').where({ id: reminder.messageId }).update({ class: 'bulk', rank: 2 });
    const bot = await line.accept({ to: 'anna', text: 'I am a bot' });
    const answer = await reply(line, 'anna');
    expect(await ranks(line, [reminder, bot, answer])).toEqual([0, 0, 0]);
    await line.cancel(answer);
    expect(await ranks(line, [reminder, bot])).toEqual([1, 1]);
    await sleep([...many, reminder]);
    const { wakes } = await line.cancel(bot);
    expect(await ranks(line, [reminder])).toEqual([2]);
    expect(ids(wakes)).toEqual([bot.messageId, many[0]!.messageId]);
    expect(await line.claim(reminder)).toMatchObject({ kind: 'wait', reason: 'behind' });
  });

  it('ends its lift when it fails without having been claimed', async () => {
    const line = await openLine(ledger());
    const [waiting] = await campaign(line, 1);
    const answer = await reply(line, 'many-0');
    expect(await ranks(line, [waiting!])).toEqual([0]);
    await ledger().db.knex('messages').where({ id: answer.messageId }).update({ hold_since: 0 });
    await line.setConnection({ state: 'disconnected' });
    expect(await line.claim(answer)).toMatchObject({ kind: 'done', state: 'failed' });
    expect(await ranks(line, [waiting!])).toEqual([2]);
  });

  it('leaves the order of a contact as it is when it fails in the end', async () => {
    const line = await openLine(ledger());
    const [first] = await campaign(line, 1);
    const answer = await reply(line, 'many-0');
    await line.record(await line.grant(first!), OUTCOMES.invalid);
    ledger().clock.advance(60_000);
    await line.record(await line.grant(answer), OUTCOMES.invalid);
    expect(await ranks(line, [first!, answer])).toEqual([0, 0]);
  });

  it('turns out to be one of many at its own claim, and then the head is another', async () => {
    const line = await openLine(ledger());
    const earlier = await line.accept({ to: 'anna', text: 'Reminder' });
    const sale = (to: string) => line.accept({ to, text: 'Sale!', userId: 'user-1' });
    const [first, second] = [await sale('anna'), await sale('ben')];
    expect(await ranks(line, [earlier, first, second])).toEqual([0, 0, 0]);
    await sale('cem');
    const answer = await line.accept({ to: 'dan', text: 'An answer', userId: 'user-2' });
    await sleep([earlier, second, answer]);
    const wakes = (claim: { messageId: string }) => ({ kind: 'wait', reason: 'behind', wake: claim });
    expect(await line.claim(first)).toMatchObject(wakes({ messageId: second.messageId }));
    expect(await line.message(first)).toMatchObject({ class: 'bulk', rank: 2 });
    // Of the others of the sale each finds out by itself.
    expect(await ranks(line, [earlier, second])).toEqual([2, 0]);
    expect(await line.claim(second)).toMatchObject(wakes({ messageId: answer.messageId }));
    expect(await ranks(line, [second])).toEqual([2]);
    for (const message of [answer, earlier, first, second]) await line.send(message);
  });

  it('lifts where it comes into another lane, too', async () => {
    const scope = { locationId: fresh('location') };
    const parked = (input: Typed) => ledger().store.messages.acceptOutbound(scope, typed(input));
    const [reminder, answer] = [await parked({ text: 'Reminder' }), await parked({ text: 'One', userId: 'user-1' })];
    await ledger().db.knex('messages').where({ id: reminder.messageId }).update({ rank: 2 });
    const line = await openLine(ledger(), { scope });
    expect((await line.message(answer)).lane_id).toBe(`out:${line.connectionId}`);
    expect(await ranks(line, [reminder, answer])).toEqual([0, 0]);
  });
});
