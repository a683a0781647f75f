import { describeStores } from './describeStores';
import { openLine, OUTCOMES, type Line } from './line';

const HOUR = 3_600_000;

describeStores('waking the head', (ledger) => {
  /** Puts a message to sleep, as its run does after a refused claim. */
  const sleepUntil = (message: { messageId: string }, at: number) =>
    ledger().db.knex('messages').where({ id: message.messageId }).update({ next_wake_at: at });
  const left = async (line: Line) =>
    (await ledger().store.sweep.leftWakes()).filter((wake) => wake.locationId === line.scope.locationId);
  const ids = (wakes: { messageId: string }[]) => wakes.map((wake) => wake.messageId);

  it('is done by whoever finishes, and marked in the same transaction', async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    const granted = await line.grant(first);
    await sleepUntil(second, ledger().clock.now + HOUR);
    const recorded = await line.record(granted, { kind: 'accepted', gatewayId: 'W-1' });
    expect(ids(recorded.wakes)).toEqual([second.messageId]);
    expect(await line.lane()).toMatchObject({ wake_due_message: second.messageId, wake_due_at: ledger().clock.now });
  });

  it('names the one that may go first, not the one that is asleep longest', async () => {
    const line = await openLine(ledger());
    const [first, same, other] = [await line.accept(), await line.accept(), await line.accept({ to: 'ben' })];
    const granted = await line.grant(first);
    for (const message of [same, other]) await sleepUntil(message, ledger().clock.now + HOUR);
    expect(ids((await line.record(granted, OUTCOMES.busy)).wakes)).toEqual([other.messageId]);
  });

  it('is left out when the head comes in time by itself', async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    const granted = await line.grant(first);
    await sleepUntil(second, ledger().clock.now + 8_500);
    expect((await line.record(granted, { kind: 'accepted', gatewayId: 'W-1' })).wakes).toEqual([]);
    expect((await line.lane()).wake_due_message).toBeNull();
  });

  it('survives a crash: the mark stays until the signal is out', async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    const granted = await line.grant(first);
    await sleepUntil(second, ledger().clock.now + HOUR);
    const { wakes } = await line.record(granted, { kind: 'accepted', gatewayId: 'W-1' });
    expect(await left(line)).toEqual([]);
    ledger().clock.advance(3_001);
    expect(await left(line)).toEqual([{ ...wakes[0], laneId: `out:${line.connectionId}` }]);
    await ledger().store.lanes.clearWake(wakes[0]!);
    expect(await left(line)).toEqual([]);
  });

  it('clears no mark that has moved on to another head', async () => {
    const line = await openLine(ledger());
    const [first, second, third] = [
      await line.accept({ to: 'anna' }),
      await line.accept({ to: 'ben' }),
      await line.accept({ to: 'cem' }),
    ];
    const granted = await line.grant(first);
    for (const message of [second, third]) await sleepUntil(message, ledger().clock.now + HOUR);
    const { wakes } = await line.record(granted, { kind: 'accepted', gatewayId: 'W-1' });
    const cancelled = await ledger().store.messages.cancel(line.scope, second.messageId, { reason: 'test' });
    expect(ids(cancelled.wakes)).toEqual([second.messageId, third.messageId]);
    await ledger().store.lanes.clearWake(wakes[0]!);
    expect((await line.lane()).wake_due_message).toBe(third.messageId);
  });

  it('follows the return of the number', async () => {
    const line = await openLine(ledger());
    const messages = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    await line.setConnection({ state: 'disconnected' });
    for (const message of messages) await line.claim(message);
    const probe = () => ledger().store.connections.recordProbe(line.scope, line.connectionId, { kind: 'connected' });
    expect(ids((await probe()).wakes)).toEqual([messages[0]!.messageId]);
    const granted = await line.grant(messages[0]!);
    expect(ids((await line.record(granted, { kind: 'accepted', gatewayId: 'W-1' })).wakes)).toEqual([
      messages[1]!.messageId,
    ]);
  });

  it('follows the end of a message that nobody sent', async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept(), await line.accept()];
    await line.grant(first);
    ledger().clock.advance(40_000);
    await line.claim(first);
    await sleepUntil(second, ledger().clock.now + HOUR);
    ledger().clock.advance(60_000);
    expect(await line.claim(first)).toMatchObject({
      kind: 'done',
      state: 'unknown',
      wake: { messageId: second.messageId },
    });
  });

  it('is done by the claim that finds its worker dead: only its own contact waits for the echo', async () => {
    const line = await openLine(ledger());
    const [first, same, other] = [await line.accept(), await line.accept(), await line.accept({ to: 'ben' })];
    await line.grant(first);
    for (const message of [same, other]) await sleepUntil(message, ledger().clock.now + HOUR);
    ledger().clock.advance(40_000);
    expect(await line.claim(first)).toMatchObject({
      kind: 'wait',
      reason: 'awaiting_echo',
      wake: { messageId: other.messageId },
    });
    expect((await line.claim(other)).kind).toBe('granted');
  });

  it('finds a head whose run was lost, from any message behind it', async () => {
    const line = await openLine(ledger());
    const [head, behind] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    expect(await line.claim(behind)).toMatchObject({ kind: 'wait', wake: null });
    ledger().clock.advance(10_001);
    expect(await line.claim(behind)).toMatchObject({
      kind: 'wait',
      wake: { messageId: head.messageId, claimed: false },
    });
  });

  it('is not repeated to one contact that waits behind another of its own', async () => {
    const line = await openLine(ledger());
    const [failing, same] = [await line.accept(), await line.accept()];
    await line.record(await line.grant(failing), OUTCOMES.busy, null);
    expect(await line.claim(same)).toMatchObject({ kind: 'wait', reason: 'behind', wake: null });
  });

  it('is told of by the claim whose echo came while its worker was dead', async () => {
    const line = await openLine(ledger());
    const first = await line.accept();
    await line.grant(first);
    const next = await line.accept();
    await line.echo('ECHO-OF-THE-DEAD');
    await line.setConnection({ state: 'disconnected' });
    await line.claim(next);
    await line.setConnection({ state: 'connected' });
    ledger().clock.advance(40_500);
    expect(await line.claim(first)).toMatchObject({ kind: 'done', wake: { messageId: next.messageId } });
  });
});

describeStores("the sweeper's look", (ledger) => {
  const overdue = async (line: Line) =>
    (await ledger().store.sweep.overdue()).filter((one) => one.locationId === line.scope.locationId);

  it('finds what should have acted 20 seconds ago, and not what ends in time', async () => {
    const line = await openLine(ledger());
    const [lost, sent] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    await ledger().db.knex('messages').where({ id: sent.messageId }).update({ rank: -1 });
    await line.send(sent);
    const plannedAt = (await line.message(lost)).next_wake_at!;
    ledger().clock.now = Math.max(ledger().clock.now, plannedAt + 20_000);
    expect((await overdue(line)).map((one) => one.messageId)).toEqual(
      ledger().clock.now > plannedAt + 20_000 ? [lost.messageId] : [],
    );
    ledger().clock.advance(1);
    expect(await overdue(line)).toMatchObject([{ messageId: lost.messageId, claimed: false }]);
  });

  it('is put off for what somebody sees to', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    ledger().clock.advance(20_001);
    await ledger().store.sweep.postpone(line.scope, message.messageId, 60_000);
    ledger().clock.advance(80_000);
    expect(await overdue(line)).toEqual([]);
    ledger().clock.advance(1);
    expect(await overdue(line)).toHaveLength(1);
  });

  it('finds a send whose worker died', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.grant(message);
    ledger().clock.advance(40_500 + 20_001);
    expect(await overdue(line)).toMatchObject([{ messageId: message.messageId, claimed: true }]);
  });

  it('finds what no receipt came for', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.send(message);
    ledger().clock.advance(259_200_000 + 20_001);
    expect(await overdue(line)).toMatchObject([{ messageId: message.messageId, claimed: true }]);
  });

  it('leaves what is held alone until it expires', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.setConnection({ state: 'billing' });
    await line.claim(message);
    ledger().clock.advance(259_200_000);
    expect(await overdue(line)).toEqual([]);
    ledger().clock.advance(20_001);
    expect(await overdue(line)).toHaveLength(1);
  });
});
