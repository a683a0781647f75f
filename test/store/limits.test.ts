import type { Accepted } from '../../src/store/messages/acceptedRow';
import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { fresh, openLine, OUTCOMES, type Line, type Typed } from './line';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A connected number with settings of its own, and no gaps where they say none. */
async function open(ledger: TestStore, settings: Record<string, unknown>): Promise<Line> {
  const line = await openLine(ledger);
  await set(line, settings);
  return line;
}

async function set(line: Line, settings: Record<string, unknown>): Promise<void> {
  const own = {
    paceTextMs: '0-0',
    paceReplyMs: '0-0',
    capHourly: 1_000,
    capDaily: 10_000,
    capNewHourly: 0,
    ...settings,
  };
  await line.setConnection({ settings: JSON.stringify(own) });
}

const bulk = (line: Line, more: Typed = {}): Promise<Accepted> =>
  line.accept({ to: fresh('contact'), text: fresh('text'), ...more });
/** Every reply by somebody else: nobody of them writes to many. */
const reply = (line: Line, more: Typed = {}): Promise<Accepted> => bulk(line, { userId: fresh('user'), ...more });

async function sendMany(ledger: TestStore, line: Line, count: number, accept: typeof bulk): Promise<void> {
  for (let n = 0; n < count; n++) {
    await line.send(await accept(line));
    ledger.clock.advance(1_000);
  }
}

describeStores('the limits of a number', (ledger) => {
  it('plans a file that is accepted while the gap runs to the end of its own gap', async () => {
    const line = await open(ledger(), { paceTextMs: '5000-5000', paceMediaMs: '9000-9000' });
    await line.send(await bulk(line));
    const { last_at: lastAt } = await line.lane();
    const content = { v: 1 as const, attachments: [{ url: 'https://files.example.com/1' }] };
    const parts = [{ kind: 'media' as const, attachment: 0 }];
    const { plannedAt } = await bulk(line, { content, parts });
    expect(plannedAt).toBe(lastAt + 9_000);
  });

  const now = (): number => ledger().clock.now;

  it('let bulk have four fifths of an hour and replies the rest, and go on when the first is an hour old', async () => {
    const line = await open(ledger(), { capHourly: 20 });
    const began = now();
    await sendMany(ledger(), line, 16, bulk);
    const waiting = await bulk(line);
    const wait = { kind: 'wait', reason: 'hourly_cap' };
    expect(await line.claim(waiting)).toMatchObject({ ...wait, ms: began + HOUR - now(), wake: null });
    await sendMany(ledger(), line, 4, reply);
    const late = await reply(line);
    expect(await line.claim(late)).toMatchObject({ ...wait, ms: began + HOUR - now() });
    expect(await line.message(waiting)).toMatchObject({ state: 'waiting', hold_since: null, retry_last_at: null });
    ledger().clock.now = began + HOUR - 1;
    expect(await line.claim(late)).toMatchObject({ kind: 'sit', reason: 'hourly_cap', ms: 1 });
    ledger().clock.now = began + HOUR;
    await line.send(late);
    // The next place is free a second later, and is bulk's.
    expect(await line.claim(waiting)).toMatchObject({ kind: 'sit', reason: 'hourly_cap', ms: 1_000 });
    ledger().clock.advance(1_000);
    await line.send(waiting);
  });

  it('hold over 24 hours too', async () => {
    const line = await open(ledger(), { capDaily: 5 });
    const began = now();
    for (let n = 0; n < 4; n++) {
      await line.send(await bulk(line));
      ledger().clock.advance(2 * HOUR);
    }
    const waiting = await bulk(line);
    expect(await line.claim(waiting)).toMatchObject({ reason: 'daily_cap', ms: began + DAY - now() });
    await line.send(await reply(line));
    expect(await line.claim(await reply(line))).toMatchObject({ reason: 'daily_cap', ms: began + DAY - now() });
  });

  it('hold new conversations, and nobody who is known', async () => {
    const line = await open(ledger(), { capNewHourly: 5 });
    const began = now();
    await sendMany(ledger(), line, 3, bulk);
    await line.send(await bulk(line, { to: 'known' }));
    const [stranger, other, known] = [
      await bulk(line, { to: 'stranger' }),
      await bulk(line),
      await bulk(line, { to: 'known' }),
    ];
    expect(await line.claim(stranger)).toMatchObject({ reason: 'new_chats_cap', ms: began + HOUR - now() });
    await line.send(known);
    // Whoever writes has begun the conversation himself.
    await line.arrives({ from: 'stranger' });
    expect((await line.message(stranger)).fresh).toBe(0);
    await line.send(stranger);
    expect(await line.claim(other)).toMatchObject({ reason: 'new_chats_cap', ms: began + HOUR - now() });
    expect((await line.message(other)).fresh).toBe(1);
  });

  it('let a new number send little on its first days, replies apart', async () => {
    const line = await open(ledger(), { warmupDaily: '3,5' });
    const began = (await ledger().db.knex('connections').where({ id: line.connectionId }).first('first_connected_at'))
      .first_connected_at as number;
    expect(began).toBeLessThanOrEqual(now());
    await sendMany(ledger(), line, 3, bulk);
    const waiting = await bulk(line);
    expect(await line.claim(waiting)).toMatchObject({ reason: 'warming_up', ms: began + DAY - now() });
    await line.send(await reply(line));
    ledger().clock.now = began + DAY;
    // The second day counts what is less than 24 hours old too: four are.
    await line.send(waiting);
    ledger().clock.now = began + 2 * DAY;
    await sendMany(ledger(), line, 6, bulk);
  });

  it("keep bulk out of the location's quiet hours, by its clocks also in the night in which they change", async () => {
    const line = await open(ledger(), { quietHours: '21:00-08:00' });
    await ledger().db.knex('locations').where(locationOf(line)).update({ timezone: 'Europe/Berlin' });
    ledger().clock.now = Date.parse('2027-03-27T22:30:00Z');
    const night = await bulk(line);
    const morning = Date.parse('2027-03-28T06:00:00Z');
    expect(night.plannedAt).toBe(morning);
    expect(await line.claim(night)).toMatchObject({ reason: 'quiet_hours', ms: morning - now() });
    await line.send(await reply(line));
    ledger().clock.now = morning;
    await line.send(night);
  });

  it('let the same bulk text to the same contact wait, alone, and never a reply', async () => {
    const line = await open(ledger(), { duplicateTextMs: HOUR });
    const began = now();
    const [first, again] = [
      await bulk(line, { to: 'anna', text: 'Sale' }),
      await bulk(line, { to: 'anna', text: 'Sale' }),
    ];
    await line.send(first);
    expect(await line.claim(again)).toMatchObject({ reason: 'same_text', ms: began + HOUR - now() });
    const third = await bulk(line, { to: 'anna', text: 'Sale' });
    await line.send(await bulk(line, { to: 'ben', text: 'Sale' }));
    // A reply to the contact takes its earlier ones with it.
    const answer = await reply(line, { to: 'anna', text: 'Sale' });
    for (const message of [again, third, answer]) await line.send(message);
    const later = await bulk(line, { to: 'anna', text: 'Sale' });
    expect(await line.claim(later)).toMatchObject({ reason: 'same_text' });
    await set(line, { duplicateTextMs: 0 });
    await line.send(later);
  });

  it('leave a reply its own gap behind a bulk text', async () => {
    const line = await open(ledger(), { paceTextMs: '5000-12000', paceReplyMs: '1000-3000' });
    const [first, second] = [await bulk(line), await bulk(line)];
    const granted = await line.grant(first);
    const wroteAt = now();
    await line.record(granted, { kind: 'accepted', gatewayId: fresh('ID') });
    expect(await line.claim(second)).toMatchObject({ kind: 'sit', reason: 'gap', ms: 8_500 });
    const answer = await reply(line);
    expect(answer.plannedAt).toBe(now());
    expect(await line.claim(answer)).toMatchObject({ kind: 'sit', reason: 'gap', ms: 2_000 });
    expect(await line.claim(second)).toMatchObject({ kind: 'wait', reason: 'behind' });
    ledger().clock.now = wroteAt + 2_000;
    await line.record(await line.grant(answer), { kind: 'accepted', gatewayId: fresh('ID') });
    expect(await line.claim(second)).toMatchObject({ kind: 'sit', ms: 8_500 });
  });

  it('double the gaps of the first minute after an outage, not after the first connection', async () => {
    const line = await open(ledger(), { paceTextMs: '5000-12000' });
    const messages = [await bulk(line), await bulk(line), await bulk(line)] as const;
    await line.record(await line.grant(messages[0]), { kind: 'accepted', gatewayId: fresh('ID') });
    expect(await line.claim(messages[1])).toMatchObject({ kind: 'sit', ms: 8_500 });
    const probe = (result: Parameters<TestStore['store']['connections']['recordProbe']>[2]) =>
      ledger().store.connections.recordProbe(line.scope, line.connectionId, result);
    // Once is no outage.
    for (let n = 0; n < 2; n++) await probe({ kind: 'held', state: 'disconnected', text: '' });
    ledger().clock.advance(HOUR);
    const { wakes } = await probe({ kind: 'connected' });
    expect(wakes.map((wake) => wake.messageId)).toEqual([messages[1].messageId]);
    await line.record(await line.grant(messages[1]), { kind: 'accepted', gatewayId: fresh('ID') });
    expect(await line.claim(messages[2])).toMatchObject({ reason: 'gap', ms: 17_000 });
  });

  it('count what may have left, and not what certainly has not', async () => {
    const line = await open(ledger(), { capHourly: 5 });
    const began = now();
    const charged = async (): Promise<number> => {
      const parts = ledger().db.knex('message_parts').where({ connection_id: line.connectionId });
      return (await parts.whereNotNull('charged_at')).length;
    };
    const doubtful = await line.grant(await bulk(line));
    expect(await charged()).toBe(1);
    ledger().clock.advance(2_000);
    await line.record(doubtful, OUTCOMES.timeout, 500);
    const { charged_at: at } = await line.part(doubtful.claim);
    expect(at).toBe(began + 1_500);
    for (const outcome of [OUTCOMES.refused, OUTCOMES.stale, OUTCOMES.busy, OUTCOMES.invalid] as const) {
      const message = await bulk(line);
      await line.record(await line.grant(message), outcome, outcome.kind === 'not_sent' ? null : 0);
      await line.cancel(message);
      expect(await charged()).toBe(1);
    }
    await sendMany(ledger(), line, 3, bulk);
    expect(await line.claim(await bulk(line))).toMatchObject({ reason: 'hourly_cap' });
  });

  it('give a new conversation back that was not begun, and count a refused one that an echo proves', async () => {
    const line = await open(ledger(), { capNewHourly: 5 });
    const message = await bulk(line, { to: 'anna', text: 'Hello' });
    await line.record(await line.grant(message), OUTCOMES.refused, null);
    expect((await line.message(message)).fresh).toBe(1);
    ledger().clock.advance(10_000);
    await line.record(await line.grant(message), OUTCOMES.busy);
    expect(await line.part(message)).toMatchObject({ charged_at: null });
    await line.echo(fresh('WAMID'), { to: 'anna', text: 'Hello' });
    expect(await line.part(message)).toMatchObject({ state: 'sent', charged_at: now() });
  });

  it('change for what waits as soon as they are changed', async () => {
    const line = await open(ledger(), { capHourly: 5 });
    await sendMany(ledger(), line, 4, bulk);
    const waiting = await bulk(line);
    expect(await line.claim(waiting)).toMatchObject({ reason: 'hourly_cap' });
    const { wakes } = await ledger().store.connections.changeSettings(line.scope, line.connectionId, { capHourly: 50 });
    expect(wakes.map((wake) => wake.messageId)).toEqual([waiting.messageId]);
    await line.send(waiting);
  });

  it('are not those of another number', async () => {
    const [line, other] = [await open(ledger(), { capHourly: 5 }), await open(ledger(), { capHourly: 5 })];
    await sendMany(ledger(), line, 4, bulk);
    await sendMany(ledger(), other, 4, bulk);
    expect(await other.claim(await bulk(other))).toMatchObject({ reason: 'hourly_cap' });
  });

  it('let whoever may go now be planned for now, past all that wait', async () => {
    const line = await open(ledger(), { capNewHourly: 5 });
    await sendMany(ledger(), line, 3, bulk);
    await line.send(await bulk(line, { to: 'known' }));
    for (let n = 0; n < 5; n++) await bulk(line);
    const known = await bulk(line, { to: 'known' });
    expect(known.plannedAt).toBe(now());
    await line.send(known);
  });
});

function locationOf(line: Line): { location_id: string } {
  return { location_id: line.scope.locationId };
}
