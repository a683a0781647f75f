import type { ProbeResult } from '../../src/channels/gateway';
import { describeStores } from './describeStores';
import { addressOf, connectInput, fresh, grantOf, openLine, OUTCOMES, typed, type Line } from './line';

const CONNECTED: ProbeResult = { kind: 'connected' };
const LOST: ProbeResult = { kind: 'held', state: 'relogin', text: 'Logged out.' };
const OFFLINE: ProbeResult = { kind: 'held', state: 'disconnected', text: 'Phone offline.' };
const MISS: ProbeResult = { kind: 'unreachable', cause: 'timeout' };

describeStores('connecting a number', (ledger) => {
  const connections = () => ledger().store.connections;

  it('binds it, unverified until the gateway confirms it', async () => {
    const scope = { locationId: fresh('location') };
    const connected = await connections().connect(scope, connectInput({ number: addressOf('own') }));
    expect(connected).toMatchObject({ created: true, wakes: [] });
    const row = await connections().get(scope, connected.connectionId);
    expect(row).toMatchObject({ state: 'unverified', location_id: scope.locationId, misses: 0 });
    expect(connections().endpointOf(row!)).toMatchObject({ instanceId: row!.instance_id, baseUrl: row!.base_url });
  });

  it('again renews token and secret and makes no second one', async () => {
    const scope = { locationId: fresh('location') };
    const first = connectInput();
    const { connectionId } = await connections().connect(scope, first);
    const second = connectInput({ instanceId: first.instanceId, baseUrl: `${first.baseUrl}/` });
    expect(await connections().connect(scope, second)).toMatchObject({ connectionId, created: false });
    const row = await connections().get(scope, connectionId);
    expect(connections().endpointOf(row!).token).toBe(second.token);
    expect(await connections().findByWebhookHash(first.webhookHash)).toBeNull();
    expect((await connections().findByWebhookHash(second.webhookHash))?.id).toBe(connectionId);
  });

  it('refuses an instance that another location has', async () => {
    const first = connectInput();
    await connections().connect({ locationId: fresh('location') }, first);
    const second = connections().connect(
      { locationId: fresh('location') },
      connectInput({ instanceId: first.instanceId }),
    );
    await expect(second).rejects.toMatchObject({ code: 'instance_taken', status: 409 });
  });

  it('takes the same instance id at another gateway host', async () => {
    const first = connectInput();
    await connections().connect({ locationId: fresh('location') }, first);
    const other = connectInput({ instanceId: first.instanceId, baseUrl: 'https://other.example.com/api' });
    expect(await connections().connect({ locationId: fresh('location') }, other)).toMatchObject({ created: true });
  });

  it('gives an instance to one of ten locations that claim it at once', async () => {
    const { instanceId } = connectInput();
    const claims = Array.from({ length: 10 }, () =>
      connections().connect({ locationId: fresh('location') }, connectInput({ instanceId })),
    );
    const results = await Promise.allSettled(claims);
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const refusals = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as { code: string }] : []));
    expect(new Set(refusals.map((reason) => reason.code))).toEqual(new Set(['instance_taken']));
  });

  it('makes one connection of ten that a location asks for at once', async () => {
    const scope = { locationId: fresh('location') };
    const { instanceId } = connectInput();
    const all = await Promise.all(
      Array.from({ length: 10 }, () => connections().connect(scope, connectInput({ instanceId }))),
    );
    expect(new Set(all.map((one) => one.connectionId)).size).toBe(1);
    expect(all.filter((one) => one.created)).toHaveLength(1);
  });

  it('moves what was parked into its lane in the order of acceptance, before what comes then', async () => {
    const scope = { locationId: fresh('location') };
    const { messages } = ledger().store;
    const parked = [];
    for (let n = 0; n < 5; n++)
      parked.push(await messages.acceptOutbound(scope, typed({ to: n % 2 ? 'anna' : 'ben' })));
    await ledger().store.installations.install(scope, { companyId: null, grant: grantOf() });
    const line = await openLine(ledger(), { scope });
    const later = await line.accept({ to: 'anna' });
    const rows = await Promise.all([...parked, later].map((one) => line.message(one)));
    const seqs = rows.map((row) => row.seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(6);
    for (const row of rows)
      expect(row).toMatchObject({ connection_id: line.connectionId, lane_id: `out:${line.connectionId}` });
    for (const message of [...parked, later]) await line.send(message);
  });

  it('leaves what has ended where it was', async () => {
    const scope = { locationId: fresh('location') };
    const { messages } = ledger().store;
    const cancelled = await messages.acceptOutbound(scope, typed());
    await messages.cancel(scope, cancelled.messageId, { reason: 'test' });
    const line = await openLine(ledger(), { scope });
    expect(await line.message(cancelled)).toMatchObject({ connection_id: null, state: 'cancelled' });
  });

  it('counts what waits on it', async () => {
    const line = await openLine(ledger());
    const messages = [
      await line.accept({ to: 'anna' }),
      await line.accept({ to: 'ben' }),
      await line.accept({ to: 'cem' }),
    ];
    await line.arrives();
    await line.send(messages[0]!);
    expect(await connections().waiting(line.scope, line.connectionId)).toBe(2);
    const listed = (await connections().list()).find((one) => one.id === line.connectionId);
    expect(listed).toMatchObject({ waiting: 2, state: 'connected' });
  });
});

describeStores('probing a number', (ledger) => {
  const probed = (line: Line, result: ProbeResult) =>
    ledger().store.connections.recordProbe(line.scope, line.connectionId, result);
  const row = async (line: Line) => (await ledger().store.connections.get(line.scope, line.connectionId))!;
  const due = async (line: Line) =>
    (await ledger().store.connections.takeDueProbes()).some((one) => one.id === line.connectionId);

  it('notes a change once, and since when', async () => {
    const line = await openLine(ledger());
    expect(await probed(line, LOST)).toMatchObject({ changedConnection: line.connectionId });
    const since = ledger().clock.now;
    ledger().clock.advance(60_000);
    expect(await probed(line, LOST)).toMatchObject({ changedConnection: null });
    expect(await row(line)).toMatchObject({ state: 'relogin', state_since: since });
  });

  it('takes two misses in a row for an unreachable gateway, one for nothing', async () => {
    const line = await openLine(ledger());
    expect(await probed(line, MISS)).toMatchObject({ changedConnection: null });
    expect(await probed(line, CONNECTED)).toMatchObject({ changedConnection: null });
    expect(await probed(line, MISS)).toMatchObject({ changedConnection: null });
    expect(await probed(line, MISS)).toMatchObject({ changedConnection: line.connectionId });
    expect(await row(line)).toMatchObject({ state: 'unreachable' });
    expect(await probed(line, CONNECTED)).toMatchObject({ changedConnection: line.connectionId });
  });

  it('keeps what it knows of a lost number while the gateway does not answer', async () => {
    const line = await openLine(ledger());
    await probed(line, LOST);
    for (let n = 0; n < 3; n++) expect(await probed(line, MISS)).toMatchObject({ changedConnection: null });
    expect(await row(line)).toMatchObject({ state: 'relogin' });
  });

  it('takes two answers in a row that it is offline for a lost number: sessions restart', async () => {
    const line = await openLine(ledger());
    expect(await probed(line, OFFLINE)).toMatchObject({ changedConnection: null });
    expect((await row(line)).probe_due_at).toBe(ledger().clock.now + 5_000);
    expect(await probed(line, CONNECTED)).toMatchObject({ changedConnection: null });
    expect(await probed(line, OFFLINE)).toMatchObject({ changedConnection: null });
    expect(await row(line)).toMatchObject({ state: 'connected' });
    expect(await probed(line, OFFLINE)).toMatchObject({ changedConnection: line.connectionId });
    expect(await row(line)).toMatchObject({ state: 'disconnected' });
  });

  it('does not forget a failed probe over a refusal that puts the number in doubt', async () => {
    const line = await openLine(ledger());
    await probed(line, OFFLINE);
    const doubted = { kind: 'rejected', retry: 'later', code: 'session_missing', text: '', doubt: true } as const;
    await line.record(await line.grant(await line.accept()), doubted, null);
    expect(await probed(line, OFFLINE)).toMatchObject({ changedConnection: line.connectionId });
  });

  it('has the gateway told where to post on each return, and until it has taken it', async () => {
    const line = await openLine(ledger());
    const taken = async () => {
      const { webhook_hash: hash } = await row(line);
      await ledger().store.connections.markWebhookRegistered(line.scope, line.connectionId, hash);
    };
    await taken();
    expect(await probed(line, CONNECTED)).toMatchObject({ webhookDue: false });
    await probed(line, LOST);
    expect(await probed(line, CONNECTED)).toMatchObject({ webhookDue: true });
    expect(await probed(line, CONNECTED)).toMatchObject({ webhookDue: true });
    await taken();
    expect(await probed(line, CONNECTED)).toMatchObject({ webhookDue: false });
  });

  it('tries a held message at once when a person asks, and not before its time otherwise', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.quota);
    await line.claim(message);
    expect(await probed(line, CONNECTED)).toMatchObject({ wakes: [] });
    const asked = await ledger().store.connections.recordProbe(line.scope, line.connectionId, CONNECTED, true);
    expect(asked.wakes.map(({ messageId }) => messageId)).toEqual([message.messageId]);
    ledger().clock.advance(12_000);
    await line.grant(message);
  });

  it("remembers when the location's first number was connected", async () => {
    const line = await openLine(ledger(), { connected: false });
    const location = () => ledger().store.locations.get(line.scope);
    expect((await location())!.first_connected_at).toBeNull();
    await probed(line, CONNECTED);
    const at = ledger().clock.now;
    ledger().clock.advance(1_000);
    await probed(line, LOST);
    await probed(line, CONNECTED);
    expect((await location())!.first_connected_at).toBe(at);
  });

  it('asks every minute', async () => {
    const line = await openLine(ledger());
    ledger().clock.advance(59_999);
    expect(await due(line)).toBe(false);
    ledger().clock.advance(1);
    expect(await due(line)).toBe(true);
    expect(await due(line)).toBe(false);
  });

  it('asks again soon after a first miss, and every minute once the gateway is known to be away', async () => {
    const line = await openLine(ledger());
    ledger().clock.advance(60_000);
    const waits: number[] = [];
    for (let n = 0; n < 6; n++) {
      await ledger().store.connections.takeDueProbes();
      await probed(line, MISS);
      const { probe_due_at: at } = await row(line);
      waits.push(at - ledger().clock.now);
      ledger().clock.now = at;
    }
    expect(waits.slice(0, 2)).toEqual([5_000, 5_000]);
    expect(waits.slice(2)).toEqual([60_000, 60_000, 60_000, 60_000]);
  });

  it('asks at once when the gateway says that something changed', async () => {
    const line = await openLine(ledger());
    expect(await due(line)).toBe(false);
    await ledger().store.connections.askProbe(line.scope, line.connectionId);
    expect(await due(line)).toBe(true);
  });

  it('gives each due one to one asker', async () => {
    const lines = [];
    for (let n = 0; n < 5; n++) lines.push(await openLine(ledger()));
    ledger().clock.advance(60_000);
    const takes = await Promise.all(Array.from({ length: 8 }, () => ledger().store.connections.takeDueProbes()));
    const mine = new Set(lines.map((line) => line.connectionId));
    const taken = takes.flat().filter((one) => mine.has(one.id));
    expect(taken).toHaveLength(5);
  });

  it("has the number's workflow told of each state, also after a crash", async () => {
    const line = await openLine(ledger());
    const untold = async () =>
      (await ledger().store.connections.unannounced()).filter((one) => one.connectionId === line.connectionId);
    expect(await untold()).toEqual([{ ...line.scope, connectionId: line.connectionId }]);
    await ledger().store.connections.markAnnounced(line.scope, line.connectionId);
    expect(await untold()).toEqual([]);
    ledger().clock.advance(1);
    await probed(line, LOST);
    expect(await untold()).toHaveLength(1);
  });
});
