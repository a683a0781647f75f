import { backlogOf } from '../../src/domain/backlog';
import { watchAlerts } from './alertWatch';
import { describeStores } from './describeStores';
import { openLine, type Line } from './line';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** One a day, for the other is kept for replies: three are a backlog of two days. */
const SLOW = { paceTextMs: '0-0', capDaily: 2 };

describeStores('a backlog of more than a day', (ledger) => {
  const { alertsOf, postsOf, probe } = watchAlerts(ledger);
  const round = async (): Promise<void> => {
    await ledger().store.alerts.lookForBacklogs();
    await ledger().store.alerts.reconcile({ post: true });
  };
  const tellsOf = async ({ scope }: Line) => {
    const where = { location_id: scope.locationId };
    const rows = await ledger().db.knex('alert_tells').where(where).whereNot({ what: 'post' }).orderBy('id');
    return rows.map(({ what, phase, contact_id }) => `${phase} ${what} ${contact_id}`);
  };
  const open = async (settings: object = SLOW): Promise<Line> => {
    const line = await openLine(ledger());
    await ledger().store.connections.changeSettings(line.scope, line.connectionId, { ...settings });
    return line;
  };
  const accept = async (line: Line, count: number) => {
    const all = [];
    for (let n = 0; n < count; n++) all.push(await line.accept({ to: `c${n}`, text: `Offer ${n}` }));
    return all;
  };

  it('is told once, to the operator and by one task in GHL, with its end; nobody gets a note', async () => {
    const line = await open();
    await accept(line, 2);
    await round();
    expect(await alertsOf(line)).toEqual([]);
    await line.accept({ to: 'one more' });
    await round();
    await round();
    expect(await alertsOf(line)).toEqual(['backlog open']);
    expect(await tellsOf(line)).toEqual(['open task contact-c0']);
    const { backlog } = await line.lane();
    expect(backlogOf(backlog!)).toMatchObject({ waiting: 3, offsetMinutes: 0 });
    expect(backlogOf(backlog!).endsAt - ledger().clock.now).toBeGreaterThan(2 * DAY - 1);
    expect(backlogOf(backlog!).endsAt - ledger().clock.now).toBeLessThan(2 * DAY + HOUR);
    expect(await postsOf(line)).toEqual([`open backlog ${backlog}`]);
  });

  it('goes on under the same alert while it moves, and is closed when it needs less, with the task', async () => {
    const line = await open();
    const messages = await accept(line, 3);
    await round();
    await ledger().db.knex('alert_tells').where({ location_id: line.scope.locationId }).update({ state: 'done' });
    const before = await line.lane();
    await accept(line, 1);
    await round();
    expect((await line.lane()).backlog).not.toBe(before.backlog);
    expect(await alertsOf(line)).toEqual(['backlog open']);
    for (const message of messages) await line.cancel(message);
    await round();
    expect(await alertsOf(line)).toEqual(['backlog closed']);
    expect((await postsOf(line)).map((post) => post.split(' ')[0])).toEqual(['open', 'closed']);
    expect(await tellsOf(line)).toEqual(['open task contact-c0', 'closed task contact-c0']);
    expect(await line.lane()).toMatchObject({ backlog: null });
  });

  it('follows settings: a higher cap ends it', async () => {
    const line = await open();
    await accept(line, 3);
    await round();
    await ledger().store.connections.changeSettings(line.scope, line.connectionId, { capDaily: 500 });
    await round();
    expect(await alertsOf(line)).toEqual(['backlog closed']);
  });

  it('counts parts, new conversations and the days of a warm-up', async () => {
    const [long, news, warming] = [
      await open(),
      await open({ paceTextMs: '0-0', capNewHourly: 1, quietHours: '00:00-23:00' }),
      await open({ paceTextMs: '0-0', warmupDaily: '2,2,500' }),
    ];
    for (const to of ['anna', 'ben']) await long.accept({ to, text: 'Long. '.repeat(700) });
    for (const line of [news, warming]) await accept(line, 5);
    await round();
    for (const line of [long, news, warming]) expect(await alertsOf(line)).toEqual(['backlog open']);
    const ends = async (line: Line) => backlogOf((await line.lane()).backlog!).endsAt - ledger().clock.now;
    // Two parts each.
    expect(Math.floor((await ends(long)) / DAY)).toBe(3);
    // One in the one hour of each day; were they not new, all five would go in the first.
    expect((await ends(news)) / DAY).toBeGreaterThan(3);
    expect(Math.round((await ends(warming)) / DAY)).toBe(2);
  });

  it("is the location's own clock's", async () => {
    const line = await open();
    await ledger().store.locations.changeSettings(line.scope, { timezone: 'Asia/Kuala_Lumpur' });
    await accept(line, 3);
    await round();
    expect(backlogOf((await line.lane()).backlog!)).toMatchObject({ offsetMinutes: 480 });
  });

  it('is neither found nor over while the number can not send, and is no trouble of anybody else', async () => {
    const [line, down, stranger] = [await open(), await open(), await open()];
    await probe(down, 'reauth');
    for (const one of [line, down]) await accept(one, 3);
    await round();
    await probe(line, 'reauth');
    ledger().clock.advance(3 * DAY);
    await round();
    expect((await alertsOf(line)).filter((one) => one.startsWith('backlog'))).toEqual(['backlog open']);
    expect(await alertsOf(down)).toEqual(['reauth open']);
    expect(await alertsOf(stranger)).toEqual([]);
    await probe(line, 'connected');
    await probe(down, 'connected');
    await round();
    expect((await alertsOf(line)).filter((one) => one.startsWith('backlog'))).toEqual(['backlog open']);
    expect(await alertsOf(down)).toEqual(['reauth closed', 'backlog open']);
  });

  it('of a location that left is over when what waited has ended', async () => {
    const line = await open();
    const messages = await accept(line, 3);
    await round();
    await ledger().store.installations.setState(line.scope, 'uninstalled', null);
    for (const message of messages) await line.claim(message);
    await round();
    expect(await alertsOf(line)).toEqual(['backlog closed']);
  });
});
