import { describeStores } from './describeStores';
import { openLine, OUTCOMES, type Line } from './line';

const DAY = 24 * 3600 * 1000;

describeStores('a person pauses a number', (ledger) => {
  const pause = ({ scope, connectionId }: Line) => ledger().store.pauses.begin(scope, connectionId, 'operator');
  const resume = ({ scope, connectionId }: Line) => ledger().store.pauses.end(scope, connectionId, 'operator');
  const probe = ({ scope, connectionId }: Line, byPerson = false) =>
    ledger().store.connections.recordProbe(scope, connectionId, { kind: 'connected' }, byPerson);
  const audited = ({ connectionId }: Line) =>
    ledger()
      .db.knex('audit_log')
      .where({ subject: connectionId })
      .where('action', 'like', 'connection.%e')
      .pluck('action');

  it('everything on it is held, with the reason; its state is watched on and stays what it is', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const since = await pause(line);
    expect(since).toBe(ledger().clock.now);
    expect(await line.claim(message)).toMatchObject({
      kind: 'wait',
      reason: 'paused',
      ms: 3 * DAY,
      text: expect.stringContaining('a person has paused the number since') as string,
    });
    expect((await ledger().store.connections.get(line.scope, line.connectionId))!.state).toBe('connected');
    expect(await probe(line)).toMatchObject({ changedConnection: null, wakes: [] });
  });

  it('resumed, the head is woken, and the lane flows in order', async () => {
    const line = await openLine(ledger());
    await pause(line);
    const messages = [];
    for (const to of ['anna', 'ben', 'anna']) messages.push(await line.accept({ to }));
    for (const message of messages) expect(await line.claim(message)).toMatchObject({ reason: 'paused' });
    const wakes = await resume(line);
    expect(wakes.map(({ messageId }) => messageId)).toEqual([messages[0]!.messageId]);
    const woken: string[] = [];
    for (const message of messages) {
      const recorded = await line.record(await line.grant(message), { kind: 'accepted', gatewayId: message.messageId });
      woken.push(...recorded.wakes.map(({ messageId }) => messageId));
      ledger().clock.advance(60_000);
    }
    expect(woken).toEqual(expect.arrayContaining(messages.slice(1).map(({ messageId }) => messageId)));
  });

  it('holds a number that is lost as well, also from its trials', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.quota);
    await pause(line);
    ledger().clock.advance(2 * 3600 * 1000);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'paused' });
    expect(await probe(line, true)).toMatchObject({ wakes: [] });
    await resume(line);
    await line.grant(message);
  });

  it('ends what is held too long, saying why', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await pause(line);
    await line.claim(message);
    ledger().clock.advance(3 * DAY);
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'failed' });
    expect(await line.message(message)).toMatchObject({
      reason: 'expired_while_held',
      reason_text: expect.stringContaining('paused') as string,
    });
  });

  it('twice is once; each change is audited, and its workflow told, after a crash too', async () => {
    const line = await openLine(ledger());
    const { connections } = ledger().store;
    const untold = async () =>
      (await connections.unannounced()).filter(({ connectionId }) => connectionId === line.connectionId);
    await connections.markAnnounced(line.scope, line.connectionId);
    const since = await pause(line);
    expect(await untold()).toHaveLength(1);
    ledger().clock.advance(1);
    expect(await pause(line)).toBe(since);
    await connections.markAnnounced(line.scope, line.connectionId);
    expect(await resume(line)).toEqual([]);
    expect(await untold()).toHaveLength(1);
    await resume(line);
    expect(await audited(line)).toEqual(['connection.pause', 'connection.resume']);
  });
});
