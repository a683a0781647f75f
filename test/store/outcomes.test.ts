import type { SendOutcome } from '../../src/channels/gateway';
import { REASONS } from '../../src/domain/reasons';
import { describeStores } from './describeStores';
import { fresh, openLine, OUTCOMES } from './line';

const LEASE = 40_000;

describeStores('the outcome of a send', (ledger) => {
  const accepted = (): SendOutcome & { kind: 'accepted' } => ({ kind: 'accepted', gatewayId: fresh('WAMID') });

  it('accepted: it is sent, and frees the number and the contact', async () => {
    const line = await openLine(ledger());
    const [message, next] = [await line.accept(), await line.accept()];
    const outcome = accepted();
    const recorded = await line.record(await line.grant(message), outcome);
    expect(recorded).toMatchObject({ recorded: true, changedConnection: null });
    expect(await line.message(message)).toMatchObject({ state: 'sent', open: 0, claimable: 0, reason: null });
    expect(await line.part(message)).toMatchObject({ state: 'sent', gateway_id: outcome.gatewayId });
    expect(await line.lane()).toMatchObject({ lease_token: null, lease_until: null });
    expect(await line.claim(next)).toMatchObject({ kind: 'sit', reason: 'gap' });
  });

  it("refused for good: it fails with the gateway's words, and the contact's next one goes on", async () => {
    const line = await openLine(ledger());
    const [message, next] = [await line.accept(), await line.accept()];
    await line.record(await line.grant(message), OUTCOMES.invalid);
    const { code, text } = OUTCOMES.invalid;
    expect(await line.message(message)).toMatchObject({ state: 'failed', reason: code, reason_text: text, open: 0 });
    ledger().clock.now = await line.freeAt();
    await line.grant(next);
  });

  it('refused for now: it backs off ever longer', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    for (const wait of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      await line.record(await line.grant(message), OUTCOMES.busy, null);
      expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'retrying', ms: wait });
      ledger().clock.advance(wait);
    }
  });

  it('refused for now, over and over: it fails when its 15 minutes are used up, not later', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const began = ledger().clock.now;
    for (let tries = 0; (await line.message(message)).open === 1; tries++) {
      expect(tries).toBeLessThan(30);
      await line.record(await line.grant(message), OUTCOMES.busy, null);
      ledger().clock.now = Math.max(ledger().clock.now, (await line.message(message)).not_before);
    }
    expect(await line.message(message)).toMatchObject({ state: 'failed', reason: 'retry_deadline' });
    expect(ledger().clock.now - began).toBe(900_000);
  });

  it('a lost number stops the clock of the retries', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.busy, null);
    await line.setConnection({ state: 'disconnected' });
    ledger().clock.advance(10_000);
    expect(await line.claim(message)).toMatchObject({ reason: 'disconnected' });
    ledger().clock.advance(3_600_000);
    await line.setConnection({ state: 'connected' });
    await line.record(await line.grant(message), OUTCOMES.busy, null);
    expect(await line.message(message)).toMatchObject({ open: 1, retry_spent_ms: 0 });
  });

  it('held: the number changes its state, everything on it waits, this message too', async () => {
    const line = await openLine(ledger());
    const [message, other] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    const recorded = await line.record(await line.grant(message), OUTCOMES.loggedOut);
    expect(recorded).toMatchObject({ recorded: true, changedConnection: line.connectionId });
    for (const one of [message, other])
      expect(await line.claim(one)).toMatchObject({ kind: 'wait', reason: 'relogin' });
    expect(await line.part(message)).toMatchObject({ state: 'unsent', attempt_token: null });
  });

  it.each(['disconnected', 'relogin', 'unreachable'] as const)(
    'held as %s: it goes out after the return',
    async (state) => {
      const line = await openLine(ledger());
      const message = await line.accept();
      await line.record(await line.grant(message), { kind: 'held', state, code: state, text: 'Not now.' });
      const row = await ledger().store.connections.get(line.scope, line.connectionId);
      expect(row).toMatchObject({ state, reason: state, state_since: ledger().clock.now });
      await ledger().store.connections.recordProbe(line.scope, line.connectionId, { kind: 'connected' });
      ledger().clock.now = await line.freeAt();
      await line.grant(message);
    },
  );

  it('not sent once: tried again. Twice in a row: the number is unreachable and holds', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const first = await line.record(await line.grant(message), OUTCOMES.refused, null);
    expect(first).toMatchObject({ changedConnection: null, message: { reason: 'retrying' } });
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'retrying', ms: 5_000 });
    ledger().clock.advance(5_000);
    const second = await line.record(await line.grant(message), OUTCOMES.refused, null);
    expect(second.changedConnection).toBe(line.connectionId);
    ledger().clock.advance(5_000);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'unreachable' });
  });

  it('not sent, answered, not sent: the number is not unreachable', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    for (const outcome of [OUTCOMES.refused, OUTCOMES.busy, OUTCOMES.refused]) {
      const recorded = await line.record(await line.grant(message), outcome, null);
      expect(recorded.changedConnection).toBeNull();
      ledger().clock.now = (await line.message(message)).not_before;
    }
    await line.grant(message);
  });

  it('given back too old to be written: tried again at once, and no miss of the gateway', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    for (let n = 0; n < 3; n++) {
      const recorded = await line.record(await line.grant(message), OUTCOMES.stale, null);
      expect(recorded.changedConnection).toBeNull();
    }
    await line.grant(message);
  });

  it("a token that is not the part's changes nothing", async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const granted = await line.grant(message);
    const forged = { ...granted, claim: { ...granted.claim, attemptToken: 'f'.repeat(32) } };
    expect(await line.record(forged, accepted())).toMatchObject({ recorded: false });
    expect(await line.part(message)).toMatchObject({ state: 'sending' });
    expect((await line.lane()).lease_token).toBe(granted.claim.attemptToken);
  });

  it('the token of an earlier try changes nothing any more', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const first = await line.grant(message);
    await line.record(first, OUTCOMES.stale, null);
    const second = await line.grant(message);
    expect(await line.record(first, accepted())).toMatchObject({ recorded: false });
    expect(await line.part(message)).toMatchObject({ state: 'sending', attempt_token: second.claim.attemptToken });
  });

  it('recorded twice counts once', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const granted = await line.grant(message);
    const outcome = accepted();
    expect(await line.record(granted, outcome)).toMatchObject({ recorded: true });
    expect(await line.record(granted, outcome)).toMatchObject({ recorded: false });
    expect(await line.message(message)).toMatchObject({ state: 'sent' });
  });

  it('late, of a claim that was found dead, still proves that it was sent', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const granted = await line.grant(message);
    ledger().clock.advance(LEASE);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'awaiting_echo' });
    expect(await line.record(granted, accepted())).toMatchObject({ recorded: true });
    expect(await line.message(message)).toMatchObject({ state: 'sent' });
  });

  it('late, of a claim that was given up as unknown, corrects it when it was sent', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const granted = await line.grant(message);
    ledger().clock.advance(LEASE);
    await line.claim(message);
    ledger().clock.advance(60_000);
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'unknown' });
    await ledger().store.messages.markTold(line.scope, message.messageId, 'unknown');
    expect(await line.record(granted, accepted())).toMatchObject({ recorded: true });
    expect(await line.message(message)).toMatchObject({ state: 'sent', reason: null });
  });

  it('late, of a claim that was given up as unknown, does not send it again', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const granted = await line.grant(message);
    ledger().clock.advance(LEASE);
    await line.claim(message);
    ledger().clock.advance(60_000);
    await line.claim(message);
    expect(await line.record(granted, OUTCOMES.refused, null)).toMatchObject({ recorded: false });
    expect(await line.message(message)).toMatchObject({ state: 'unknown', open: 0 });
  });

  it('late and not sent: proof that nothing left, so it is tried again', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const granted = await line.grant(message);
    ledger().clock.advance(LEASE);
    await line.claim(message);
    await line.record(granted, OUTCOMES.stale, null);
    expect(await line.claim(message)).toMatchObject({ kind: 'granted' });
  });

  it('late does not give back a lane that another claim has', async () => {
    const line = await openLine(ledger());
    const [message, other] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    const granted = await line.grant(message);
    ledger().clock.advance(LEASE + 10_000);
    await line.claim(message);
    const running = await line.grant(other);
    await line.record(granted, accepted());
    expect(await line.lane()).toMatchObject({ lease_token: running.claim.attemptToken });
  });

  it('leaves only reasons for which there are words', async () => {
    const rows = await ledger().db.knex('messages').whereNotNull('reason').whereNull('reason_text').distinct('reason');
    const reasons = rows.map((row) => row.reason as string);
    expect(reasons.length).toBeGreaterThan(3);
    const HELD = ['relogin', 'disconnected', 'unreachable'];
    expect(reasons.filter((reason) => !(reason in REASONS) && !HELD.includes(reason))).toEqual([]);
  });
});
