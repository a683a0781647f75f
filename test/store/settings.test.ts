import { describeStores } from './describeStores';
import { fileOf, fresh, openLine, OUTCOMES, type Line } from './line';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Who may set something for itself; the first stands above the second, and both above the environment. */
const LEVELS = ['connection', 'location'] as const;
const PERSON = { userId: 'user-1' };

describeStores('settings of numbers and locations', (ledger) => {
  const open = (options?: Parameters<typeof openLine>[1]): Promise<Line> => openLine(ledger(), options);
  const set = async (line: Line, level: (typeof LEVELS)[number], patch: Record<string, unknown>) => {
    const { connections, locations } = ledger().store;
    return level === 'connection'
      ? await connections.changeSettings(line.scope, line.connectionId, patch)
      : await locations.changeSettings(line.scope, patch);
  };
  const idsOf = (wakes: { messageId: string }[]) => wakes.map(({ messageId }) => messageId);

  describe.each(LEVELS)('of a %s', (level) => {
    it('end the hold of each class by itself; the one for both holds for the other', async () => {
      const line = await open();
      await set(line, level, { holdMaxMs: DAY, holdMaxBulkMs: HOUR });
      await line.setConnection({ state: 'relogin' });
      const [reply, bulk] = [await line.accept({ to: 'ben', ...PERSON }), await line.accept()];
      expect(await line.claim(reply)).toMatchObject({ reason: 'relogin', ms: DAY });
      expect(await line.claim(bulk)).toMatchObject({ reason: 'relogin', ms: HOUR });
      ledger().clock.advance(HOUR);
      expect(await line.claim(bulk)).toMatchObject({ kind: 'done', state: 'failed' });
      expect(await line.message(bulk)).toMatchObject({ reason: 'expired_while_held' });
      expect(await line.claim(reply)).toMatchObject({ reason: 'relogin', ms: DAY - HOUR });
    });

    it('let what is held already end sooner: it is due for the sweeper then, and later again by nothing', async () => {
      const line = await open();
      await line.setConnection({ state: 'relogin' });
      const [reply, bulk] = [await line.accept({ to: 'ben', ...PERSON }), await line.accept()];
      const heldAt = ledger().clock.now;
      for (const message of [reply, bulk]) await line.claim(message);
      await set(line, level, { holdMaxBulkMs: HOUR });
      expect(await line.message(bulk)).toMatchObject({ next_wake_at: heldAt + HOUR });
      await set(line, level, { holdMaxBulkMs: 2 * HOUR });
      expect(await line.message(bulk)).toMatchObject({ next_wake_at: heldAt + HOUR });
      // The head was woken, and sleeps again.
      expect(await line.claim(reply)).toMatchObject({ reason: 'relogin', ms: 3 * DAY });
      ledger().clock.advance(HOUR + 20_001);
      const due = idsOf(await ledger().store.sweep.overdue());
      expect(due).toContain(bulk.messageId);
      expect(due).not.toContain(reply.messageId);
      expect(await line.claim(bulk)).toMatchObject({ reason: 'relogin', ms: HOUR - 20_001 });
    });

    it('leave alone what a hold that is over has left in the rows of a lane that flows', async () => {
      const line = await open();
      await line.setConnection({ state: 'relogin' });
      const [, second] = [await line.accept(), await line.accept({ to: 'ben' })];
      await line.claim(second);
      const { next_wake_at: before } = await line.message(second);
      await line.setConnection({ state: 'connected' });
      await set(line, level, { holdMaxMs: 1 });
      expect(await line.message(second)).toMatchObject({ next_wake_at: before });
    });

    it('mark the head that sleeps, to be woken now, and it goes by the new pace', async () => {
      const line = await open();
      await set(line, level, { paceTextMs: '3600000-3600000' });
      await line.record(await line.grant(await line.accept()), { kind: 'accepted', gatewayId: fresh('WAMID') });
      ledger().clock.advance(60_000);
      const head = await line.accept({ to: 'ben' });
      expect(await line.claim(head)).toMatchObject({ kind: 'wait', reason: 'gap' });
      const { wakes } = await set(line, level, { paceTextMs: '0-0' });
      expect(idsOf(wakes)).toEqual([head.messageId]);
      expect(await line.lane()).toMatchObject({ wake_due_message: head.messageId });
      await line.grant(head);
    });

    it('wake nobody where nothing waits', async () => {
      const line = await open();
      await line.send(await line.accept());
      expect((await set(line, level, { paceTextMs: '0-0' })).wakes).toEqual([]);
    });

    it('say what counts as a delivery, also of what was sent and acknowledged before', async () => {
      const line = await open();
      const [acked, silent] = [await line.accept(), await line.accept({ to: 'ben' })];
      await line.receipt(await line.send(acked), 'server');
      await line.send(silent);
      expect(await line.message(acked)).toMatchObject({ state: 'sent' });
      const { wakes } = await set(line, level, { receipts: 'none' });
      expect(idsOf(wakes)).toEqual([acked.messageId]);
      expect(await line.message(acked)).toMatchObject({ state: 'delivered' });
      expect(await line.message(silent)).toMatchObject({ state: 'sent' });
      const later = await line.accept({ to: 'cem' });
      await line.receipt(await line.send(later), 'server');
      expect(await line.message(later)).toMatchObject({ state: 'delivered' });
    });

    it('say how long a receipt is waited for, and after how long there are too few', async () => {
      const line = await open();
      await set(line, level, { receiptWaitMs: HOUR, receiptAlarmMs: 1_000 });
      const message = await line.accept();
      await line.send(message);
      const { receipt_deadline: deadline, written_at: writtenAt } = await line.message(message);
      expect(deadline).toBe(writtenAt! + HOUR);
      const count = () => ledger().store.outages.countUnreceipted(line.scope, null);
      ledger().clock.now = writtenAt! + 1_000;
      expect(await count()).toBe(0);
      ledger().clock.advance(1);
      expect(await count()).toBe(1);
      await ledger().store.alerts.reconcile({ post: false });
      const alerts = await ledger().db.knex('alerts').where({ location_id: line.scope.locationId });
      expect(alerts.map(({ kind }) => kind as string)).toEqual(['receipts_missing']);
    });

    it('say what becomes of a file that can not be sent', async () => {
      const line = await open();
      await set(line, level, { mediaFallback: 'link' });
      const content = { v: 1 as const, text: '', attachments: [fileOf('m').source] };
      const message = await line.accept({ content, prepare: true });
      expect(await line.claim(message)).toMatchObject({ kind: 'prepare', fallback: 'link' });
    });

    it('let a send without an answer be repeated where it was chosen', async () => {
      const line = await open();
      await set(line, level, { atLeastOnce: true });
      const message = await line.accept();
      await line.record(await line.grant(message), OUTCOMES.timeout);
      ledger().clock.advance(60_000);
      expect(await line.claim(message)).toMatchObject({ kind: 'granted' });
    });
  });

  it("a number's own stand above its location's, also one for both classes above one for a class", async () => {
    const [line, location] = [await open(), await open()];
    await set(line, 'location', { holdMaxBulkMs: HOUR, mediaFallback: 'link' });
    await set(line, 'connection', { holdMaxMs: 2 * HOUR });
    await set(location, 'location', { holdMaxMs: HOUR, holdMaxReplyMs: 3 * HOUR });
    for (const one of [line, location]) await one.setConnection({ state: 'relogin' });
    expect(await line.claim(await line.accept())).toMatchObject({ ms: 2 * HOUR });
    expect(await line.claim(await line.accept(PERSON))).toMatchObject({ ms: 2 * HOUR });
    expect(await location.claim(await location.accept())).toMatchObject({ ms: HOUR });
    expect(await location.claim(await location.accept({ to: 'ben', ...PERSON }))).toMatchObject({ ms: 3 * HOUR });
    await set(line, 'connection', { holdMaxMs: null });
    expect(await line.claim(await line.accept({ to: 'cem' }))).toMatchObject({ ms: HOUR });
  });

  it("a number's stay its own, and a location's reach all its numbers and nobody else's", async () => {
    const line = await open();
    const [second, stranger] = [await open({ scope: line.scope, installed: false }), await open()];
    const lines = [line, second, stranger];
    const held = async (): Promise<number[]> => {
      const waits: number[] = [];
      for (const one of lines) {
        const message = await one.accept({ to: fresh('to'), connectionId: one.connectionId });
        const claim = await one.claim(message);
        waits.push(claim.kind === 'wait' ? claim.ms : -1);
      }
      return waits;
    };
    for (const one of lines) await one.setConnection({ state: 'relogin' });
    await set(line, 'connection', { holdMaxMs: HOUR });
    expect(await held()).toEqual([HOUR, 3 * DAY, 3 * DAY]);
    const { wakes } = await set(line, 'location', { holdMaxMs: 2 * HOUR });
    expect(wakes.filter(({ locationId }) => locationId !== line.scope.locationId)).toEqual([]);
    expect(await held()).toEqual([HOUR, 2 * HOUR, 3 * DAY]);
  });
});
