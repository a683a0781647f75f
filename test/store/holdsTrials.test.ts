import type { ProbeResult, SendOutcome } from '../../src/channels/gateway';
import { describeStores } from './describeStores';
import { connectInput, fresh, openLine, OUTCOMES, type Line } from './line';

const MINUTE = 60_000;
const DAY = 24 * 3_600_000;
/** How long a claim's lease lives in these stores: a trial without an outcome bars the next one so long. */
const LEASE = 40_000;
const CONNECTED: ProbeResult = { kind: 'connected' };
const billing: SendOutcome = { kind: 'held', state: 'billing', code: 'plan_expired', text: 'Expired; renew it.' };

describeStores('trying a held number', (ledger) => {
  const clock = () => ledger().clock;
  const row = async (line: Line) => (await ledger().store.connections.get(line.scope, line.connectionId))!;
  const probe = (line: Line, result: ProbeResult = CONNECTED) =>
    ledger().store.connections.recordProbe(line.scope, line.connectionId, result);
  const accepted = (): SendOutcome => ({ kind: 'accepted', gatewayId: fresh('WAMID') });

  /** A line whose first message was refused for the plan, and has gone back to sleep. */
  async function heldLine() {
    const line = await openLine(ledger());
    const message = await line.accept({ to: 'anna' });
    const other = await line.accept({ to: 'ben' });
    const recorded = await line.record(await line.grant(message), billing);
    expect(recorded.changedConnection).toBe(line.connectionId);
    for (const one of [message, other]) expect(await line.claim(one)).toMatchObject({ reason: 'billing' });
    return { line, message, other, since: clock().now };
  }

  it('waits for its time, although the probe says that it is connected', async () => {
    const { line, message, since } = await heldLine();
    expect(await row(line)).toMatchObject({ state: 'billing', refusals: 1, trial_at: since + 5 * MINUTE });
    clock().advance(5 * MINUTE - 1);
    expect(await probe(line)).toMatchObject({ changedConnection: null, wakes: [] });
    expect(await row(line)).toMatchObject({ state: 'billing', probe_due_at: since + 5 * MINUTE });
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'billing' });
  });

  it('says when, in the words of the hold', async () => {
    const { line, message, since } = await heldLine();
    const { text } = (await line.claim(message)) as { text: string };
    expect(text).toContain(`one message is tried at ${new Date(since + 5 * MINUTE).toISOString()}`);
  });

  it('then wakes the head and lets it alone through; the others are held on, their clocks running', async () => {
    const { line, message, other, since } = await heldLine();
    clock().advance(5 * MINUTE);
    expect((await probe(line)).wakes.map((wake) => wake.messageId)).toEqual([message.messageId]);
    expect(await line.claim(other)).toMatchObject({ kind: 'wait', reason: 'billing', ms: 3 * DAY - 5 * MINUTE });
    await line.grant(message);
    expect(await line.claim(other)).toMatchObject({ kind: 'wait', reason: 'billing' });
    expect(await line.message(other)).toMatchObject({ hold_since: since });
  });

  it('is connected again when the gateway takes it, and the next one is woken', async () => {
    const { line, message, other } = await heldLine();
    clock().advance(5 * MINUTE);
    const recorded = await line.record(await line.grant(message), accepted());
    expect(recorded).toMatchObject({ changedConnection: line.connectionId, wakes: [{ messageId: other.messageId }] });
    expect(await row(line)).toMatchObject({ state: 'connected', refusals: 0, trial_at: null, reason_text: null });
    clock().now = await line.freeAt();
    await line.grant(other);
  });

  it('is held on when it is refused again: longer, in the same state, until HOLD_MAX_MS ends the message', async () => {
    const { line, message, since } = await heldLine();
    for (const wait of [10, 20, 40, 60, 60]) {
      clock().now = (await row(line)).trial_at!;
      const recorded = await line.record(await line.grant(message), billing);
      expect(recorded.changedConnection).toBe(line.connectionId);
      expect(await row(line)).toMatchObject({ state: 'billing', state_since: since });
      expect((await row(line)).trial_at).toBe(clock().now + wait * MINUTE);
    }
    clock().now = since + 3 * DAY;
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'failed' });
    expect(await line.message(message)).toMatchObject({
      reason: 'expired_while_held',
      reason_text: 'The number could not send for too long. Expired; renew it. Then send again if it still matters.',
    });
  });

  it('lets no second one through when the first never says what became of it', async () => {
    const { line, message, other } = await heldLine();
    clock().advance(5 * MINUTE);
    await line.grant(message);
    clock().advance(LEASE - 1);
    await line.claim(message);
    expect(await line.claim(other)).toMatchObject({ kind: 'wait', reason: 'billing' });
    clock().advance(1);
    await line.claim(message);
    await line.grant(other);
  });

  it('waits as after a refusal when it ended in doubt: each one costs a message its certainty', async () => {
    const { line, message, other } = await heldLine();
    clock().advance(5 * MINUTE);
    await line.record(await line.grant(message), OUTCOMES.timeout);
    expect(await row(line)).toMatchObject({ state: 'billing', refusals: 2, trial_at: clock().now + 10 * MINUTE });
    clock().advance(LEASE);
    expect(await line.claim(other)).toMatchObject({ kind: 'wait', reason: 'billing' });
  });

  it.each([OUTCOMES.invalid, OUTCOMES.busy, OUTCOMES.refused] as SendOutcome[])(
    'proves nothing by an answer of another kind: %j',
    async (outcome) => {
      const { line, message, other } = await heldLine();
      const before = await row(line);
      clock().advance(5 * MINUTE);
      const granted = await line.grant(message);
      expect(await line.record(granted, outcome)).toMatchObject({ changedConnection: null });
      expect(await row(line)).toMatchObject({ state: 'billing', state_since: before.state_since, refusals: 1 });
      expect(await line.claim(other)).toMatchObject({ kind: 'wait', reason: 'billing' });
      clock().advance(LEASE);
      expect((await probe(line)).wakes).toHaveLength(1);
    },
  );

  it('does not begin the hold of a message anew when it is told to try later', async () => {
    const { line, message, since } = await heldLine();
    clock().advance(5 * MINUTE);
    await line.record(await line.grant(message), OUTCOMES.busy);
    expect(await line.message(message)).toMatchObject({ hold_since: since, retry_spent_ms: 0 });
    clock().now = since + 3 * DAY;
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'failed' });
  });

  it('is left to the next message where none waits: when it is due, the number counts as connected', async () => {
    const { line, message, other } = await heldLine();
    for (const one of [message, other]) await line.cancel(one);
    expect(await probe(line)).toMatchObject({ changedConnection: null });
    clock().advance(5 * MINUTE);
    expect(await probe(line)).toMatchObject({ changedConnection: line.connectionId });
    const next = await line.accept();
    await line.record(await line.grant(next), billing);
    expect(await row(line)).toMatchObject({ state: 'billing', refusals: 2, trial_at: clock().now + 10 * MINUTE });
  });

  it('comes at the next full hour at the latest for a quota', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    clock().now = Math.ceil(clock().now / 3_600_000) * 3_600_000 - 2 * MINUTE;
    await line.record(await line.grant(message), OUTCOMES.quota);
    expect((await row(line)).trial_at).toBe(clock().now + 2 * MINUTE + MINUTE / 2);
  });

  it('is not needed where the probe itself tells of the trouble', async () => {
    const { line } = await heldLine();
    const told: ProbeResult = { kind: 'held', state: 'billing', text: 'Renew.', code: 'plan_expired', words: 'Renew.' };
    expect(await probe(line, told)).toMatchObject({ changedConnection: line.connectionId });
    expect(await row(line)).toMatchObject({ state: 'billing', trial_at: null });
    expect(await probe(line)).toMatchObject({ changedConnection: line.connectionId });
    expect(await row(line)).toMatchObject({ state: 'connected' });
  });

  it('is not needed where a person connects the number again', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), { kind: 'held', state: 'reauth', code: 'bad_token', text: 'Bad.' });
    expect(await probe(line)).toMatchObject({ changedConnection: null });
    const { instance_id: instanceId, base_url: baseUrl } = await row(line);
    await ledger().store.connections.connect(line.scope, connectInput({ instanceId, baseUrl }));
    expect(await probe(line)).toMatchObject({ changedConnection: line.connectionId });
    clock().now = Math.max(clock().now, await line.freeAt());
    await line.grant(message);
  });

  it('comes to a number that says it is connected and does not send, three times in a row', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    for (const believed of [true, true, false]) {
      await line.record(await line.grant(message), OUTCOMES.loggedOut, null);
      expect((await probe(line)).changedConnection).toBe(believed ? line.connectionId : null);
    }
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'relogin' });
    clock().now = (await row(line)).trial_at!;
    await line.record(await line.grant(message), accepted());
    expect(await row(line)).toMatchObject({ state: 'connected', refusals: 0 });
  });

  it('is not ended by a send that had begun before the probe found the number lost', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.loggedOut, null);
    await probe(line);
    const granted = await line.grant(message);
    await probe(line, { kind: 'held', state: 'relogin', text: 'Lost.' });
    expect(await line.record(granted, accepted())).toMatchObject({ changedConnection: null });
    expect(await row(line)).toMatchObject({ state: 'relogin' });
  });
});
