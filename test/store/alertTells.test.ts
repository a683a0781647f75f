import { describeMysql } from '../support/mysqlServer';
import { openStoreAt, type TestStore } from '../support/storeAt';
import { openTestStore } from '../support/store';
import { describeStores } from './describeStores';
import { openLine, type Line } from './line';

const CLAIM_MS = 60_000;
const DAY_MS = 86_400_000;
const LOST = { kind: 'held', state: 'reauth', text: '' } as const;

/** A number is lost and comes back; what is to be told is written down each time. */
async function lose({ store }: TestStore, { scope, connectionId }: Line): Promise<void> {
  await store.connections.recordProbe(scope, connectionId, LOST);
  await store.alerts.reconcile({ post: true });
}
async function bringBack({ store }: TestStore, { scope, connectionId }: Line): Promise<void> {
  await store.connections.recordProbe(scope, connectionId, { kind: 'connected' });
  await store.alerts.reconcile({ post: true });
}

describeStores('what is to be told', (ledger) => {
  const take = async (line: Line, sort: 'operator' | 'ghl') => {
    const due = await ledger().store.alerts.takeDueTells(sort, 100);
    return due.filter((tell) => tell.locationId === line.scope.locationId);
  };
  const finish = (line: Line, tellId: string, end: Parameters<TestStore['store']['alerts']['finishTell']>[2]) =>
    ledger().store.alerts.finishTell(line.scope, tellId, end);
  const statesOf = async (line: Line, what: string) =>
    await ledger()
      .db.knex('alert_tells')
      .where({ location_id: line.scope.locationId, what })
      .orderBy('id')
      .pluck('state');

  it('is taken once, and again only when its taker has been silent for a minute; then it may have succeeded', async () => {
    const line = await openLine(ledger());
    await lose(ledger(), line);
    const [tell] = await take(line, 'operator');
    expect(tell).toMatchObject({ kind: 'reauth', phase: 'open', tries: 1, lookFirst: false, onlyLook: false });
    ledger().clock.advance(CLAIM_MS - 1);
    expect(await take(line, 'operator')).toEqual([]);
    ledger().clock.advance(1);
    expect(await take(line, 'operator')).toMatchObject([{ tellId: tell!.tellId, tries: 2, lookFirst: true }]);
  });

  it('the end follows the beginning, never before it, also over several outages', async () => {
    const line = await openLine(ledger());
    for (let n = 0; n < 2; n++) {
      await lose(ledger(), line);
      await bringBack(ledger(), line);
    }
    const told: string[] = [];
    for (let n = 0; n < 4; n++) {
      const [tell, ...others] = await take(line, 'operator');
      expect(others).toEqual([]);
      expect(await take(line, 'operator')).toEqual([]);
      told.push(tell!.phase);
      await finish(line, tell!.tellId, { kind: 'later', waitMs: 5_000, unclear: true });
      expect(await take(line, 'operator')).toEqual([]);
      ledger().clock.advance(5_000);
      const [again] = await take(line, 'operator');
      expect(again).toMatchObject({ tellId: tell!.tellId, tries: 2 });
      await finish(line, tell!.tellId, { kind: 'done' });
    }
    expect(told).toEqual(['open', 'closed', 'open', 'closed']);
    expect(await take(line, 'operator')).toEqual([]);
  });

  it('is given up after a day, and then its end is not told either', async () => {
    const line = await openLine(ledger());
    await lose(ledger(), line);
    const [tell] = await take(line, 'operator');
    ledger().clock.advance(DAY_MS);
    expect(await finish(line, tell!.tellId, { kind: 'later', waitMs: 1, unclear: true })).toBe('given_up');
    await bringBack(ledger(), line);
    expect(await take(line, 'operator')).toEqual([]);
    expect(await statesOf(line, 'post')).toEqual(['given_up', 'moot']);
  });

  it('is not told after a day in which nobody could try', async () => {
    const line = await openLine(ledger());
    await lose(ledger(), line);
    ledger().clock.advance(DAY_MS + 1);
    expect(await take(line, 'operator')).toEqual([]);
    expect(await statesOf(line, 'post')).toEqual(['given_up']);
  });

  it('a note that was written has its end; one that was not begun before the return is moot', async () => {
    const line = await openLine(ledger());
    for (const to of ['anna', 'ben']) await line.accept({ to });
    await lose(ledger(), line);
    const tells = await take(line, 'ghl');
    const anna = tells.find(({ what, contactId }) => what === 'note' && contactId === 'contact-anna')!;
    const others = tells.filter(({ tellId }) => tellId !== anna.tellId);
    await finish(line, anna.tellId, { kind: 'done' });
    for (const { tellId } of others) await finish(line, tellId, { kind: 'later', waitMs: 1_000, unclear: false });
    await bringBack(ledger(), line);
    expect(await take(line, 'ghl')).toMatchObject([{ what: 'note', phase: 'closed', contactId: 'contact-anna' }]);
    ledger().clock.advance(1_000);
    expect(await take(line, 'ghl')).toEqual([]);
    expect(await statesOf(line, 'task')).toEqual(['moot']);
  });

  it('a note that may have been written is looked for after the return, and not made up for', async () => {
    const line = await openLine(ledger());
    await line.accept();
    await lose(ledger(), line);
    const tells = await take(line, 'ghl');
    for (const { tellId } of tells) await finish(line, tellId, { kind: 'later', waitMs: 1_000, unclear: true });
    await bringBack(ledger(), line);
    ledger().clock.advance(1_000);
    const looks = await take(line, 'ghl');
    expect(looks).toMatchObject([
      { phase: 'open', lookFirst: true, onlyLook: true },
      { phase: 'open', lookFirst: true, onlyLook: true },
    ]);
    const [note, task] = ['note', 'task'].map((what) => looks.find((tell) => tell.what === what)!);
    await finish(line, note!.tellId, { kind: 'moot' });
    await finish(line, task!.tellId, { kind: 'done', ghlId: 'task-1' });
    expect(await take(line, 'ghl')).toMatchObject([{ what: 'task', phase: 'closed', taskId: 'task-1' }]);
    expect(await statesOf(line, 'note')).toEqual(['moot', 'moot']);
  });

  it('a task that GHL refuses goes to the next contact who waits, and ends there', async () => {
    const line = await openLine(ledger());
    for (const to of ['deleted', 'ben']) await line.accept({ to });
    await lose(ledger(), line);
    const contactsOf = async () => (await take(line, 'ghl')).filter(({ what }) => what === 'task');
    const [refused] = await contactsOf();
    expect(refused).toMatchObject({ contactId: 'contact-deleted' });
    await finish(line, refused!.tellId, { kind: 'given_up' });
    for (let n = 0; n < 2; n++) await ledger().store.alerts.reconcile({ post: true });
    const [moved, ...more] = await contactsOf();
    expect([moved, more]).toEqual([expect.objectContaining({ contactId: 'contact-ben', lookFirst: false }), []]);
    await finish(line, moved!.tellId, { kind: 'done', ghlId: 'task-2' });
    await bringBack(ledger(), line);
    ledger().clock.advance(CLAIM_MS);
    const ends = (await contactsOf()).filter(({ phase }) => phase === 'closed');
    expect(ends).toMatchObject([{ contactId: 'contact-ben', taskId: 'task-2' }]);
  });

  it('a task that may be there is not written for another contact', async () => {
    const line = await openLine(ledger());
    for (const to of ['anna', 'ben']) await line.accept({ to });
    await lose(ledger(), line);
    const task = (await take(line, 'ghl')).find(({ what }) => what === 'task')!;
    ledger().clock.advance(DAY_MS);
    expect(await finish(line, task.tellId, { kind: 'later', waitMs: 1, unclear: true })).toBe('given_up');
    await ledger().store.alerts.reconcile({ post: true });
    expect(await statesOf(line, 'task')).toEqual(['given_up']);
  });

  it('a task is tried at five contacts', async () => {
    const line = await openLine(ledger());
    for (let n = 0; n < 7; n++) await line.accept({ to: `person-${n}` });
    await lose(ledger(), line);
    for (let n = 0; n < 7; n++) {
      const task = (await take(line, 'ghl')).find(({ what }) => what === 'task');
      if (task !== undefined) await finish(line, task.tellId, { kind: 'given_up' });
      await ledger().store.alerts.reconcile({ post: true });
    }
    expect(await statesOf(line, 'task')).toEqual(Array.from({ length: 5 }, () => 'given_up'));
  });

  it("is not another location's to end", async () => {
    const line = await openLine(ledger());
    await lose(ledger(), line);
    const [tell] = await take(line, 'operator');
    expect(
      await ledger().store.alerts.finishTell({ locationId: 'stranger' }, tell!.tellId, { kind: 'done' }),
    ).toBeNull();
    expect(await statesOf(line, 'post')).toEqual(['due']);
  });
});

describeMysql('two processes', () => {
  it('tell everything once', async () => {
    const one = await openTestStore({ kind: 'mysql', realClock: true });
    const other = await openStoreAt(one.target, { kind: 'mysql', realClock: true });
    try {
      const line = await openLine(one);
      for (let n = 0; n < 20; n++) await line.accept({ to: `person-${n}` });
      await one.store.connections.recordProbe(line.scope, line.connectionId, LOST);
      const processes = [one, other, one, other];
      await Promise.all(processes.map(({ store }) => store.alerts.reconcile({ post: true })));
      const taken = await Promise.all(processes.map(({ store }) => store.alerts.takeDueTells('ghl', 15)));
      const posts = await Promise.all(processes.map(({ store }) => store.alerts.takeDueTells('operator', 15)));
      const rest = await one.store.alerts.takeDueTells('ghl', 100);
      const ids = [...taken.flat(), ...rest].map(({ tellId }) => tellId);
      expect(ids).toHaveLength(21);
      expect(new Set(ids).size).toBe(21);
      expect(posts.flat()).toHaveLength(1);
    } finally {
      await other.close();
      await one.close();
    }
  });
});
