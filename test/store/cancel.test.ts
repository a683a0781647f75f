import { describeStores } from './describeStores';
import { fresh, openLine, OUTCOMES, typed } from './line';
import type { ConnectionRow } from '../../src/store/rows';

const reason = 'cancelled_by_operator';

describeStores('cancelling', (ledger) => {
  const cancel = (
    line: { scope: { locationId: string } },
    { messageId }: { messageId: string },
    neverClaimed = false,
  ) => ledger().store.messages.cancel(line.scope, messageId, { reason, neverClaimed });

  it('ends what waits; it can not be sent any more, and GHL is told', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    expect(await cancel(line, message)).toMatchObject({ cancelled: true, state: 'cancelled' });
    expect(await line.message(message)).toMatchObject({ state: 'cancelled', reason, open: 0, claimable: 0 });
    expect(await line.claim(message)).toEqual({ kind: 'done', state: 'cancelled', wake: null });
    const life = await ledger().store.messages.lifecycle(line.scope, message.messageId);
    expect(life).toMatchObject({ tell: 'failed', reason });
  });

  it("wakes the message's own run and the next head", async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'anna' })];
    const { wakes } = await cancel(line, first);
    expect(wakes.map((wake) => wake.messageId)).toEqual([first.messageId, second.messageId]);
    expect((await line.lane()).wake_due_message).toBe(second.messageId);
    await line.grant(second);
  });

  it('comes too late for what is being sent: the send goes on', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const granted = await line.grant(message);
    expect(await cancel(line, message)).toEqual({ cancelled: false, state: 'sending', wakes: [] });
    await line.record(granted, { kind: 'accepted', gatewayId: fresh('WAMID') });
    expect(await cancel(line, message)).toEqual({ cancelled: false, state: 'sent', wakes: [] });
  });

  it('comes too late for what may have been sent', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.timeout);
    expect(await cancel(line, message)).toEqual({ cancelled: false, state: 'sending', wakes: [] });
  });

  it('ends what certainly was not sent and is in back-off, for an operator', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.busy, null);
    expect(await cancel(line, message)).toMatchObject({ cancelled: true });
  });

  it('changes nothing after a claim when it is a run that was stopped in Temporal', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.busy, null);
    expect(await cancel(line, message, true)).toEqual({ cancelled: false, state: 'waiting', wakes: [] });
  });

  it.each<[string, string, Partial<ConnectionRow>]>([
    ['for a cap', 'hourly_cap', { settings: '{"capHourly":2}' }],
    ['for the end of quiet hours', 'quiet_hours', { settings: JSON.stringify({ quietHours: aroundNow() }) }],
    ['for a number that is lost', 'relogin', { state: 'relogin' }],
    ['for a person to resume the number', 'paused', { paused_at: 1 }],
  ])('ends what waits %s, and GHL is told', async (_what, waitsFor, columns) => {
    const line = await openLine(ledger());
    for (const to of ['ben', 'cem']) await line.send(await line.accept({ to }));
    await line.setConnection(columns);
    const message = await line.accept();
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: waitsFor });
    expect(await cancel(line, message, true)).toMatchObject({
      cancelled: true,
      wakes: [{ messageId: message.messageId }],
    });
    expect(await ledger().store.messages.lifecycle(line.scope, message.messageId)).toMatchObject({ tell: 'failed' });
  });

  it('ends what is parked', async () => {
    const scope = { locationId: fresh('location') };
    const message = await ledger().store.messages.acceptOutbound(scope, typed());
    expect(await cancel({ scope }, message)).toMatchObject({ cancelled: true, state: 'cancelled' });
  });

  it('twice is once', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await cancel(line, message);
    expect(await cancel(line, message)).toEqual({ cancelled: false, state: 'cancelled', wakes: [] });
  });

  it('and claiming at the same moment never do both', async () => {
    const line = await openLine(ledger());
    for (let n = 0; n < 10; n++) {
      const message = await line.accept({ to: `p${n}` });
      const [cancelled, claim] = await Promise.all([cancel(line, message), line.claim(message)]);
      expect(cancelled.cancelled).toBe(claim.kind !== 'granted');
      ledger().clock.advance(200_000);
    }
  });

  it('of what was cancelled and claimed in turn leaves one outcome', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await cancel(line, message);
    expect(await line.part(message)).toMatchObject({ state: 'cancelled', attempt_token: null });
  });
});

/** The hour before and the hour behind, in the time zone of a location that has none. */
function aroundNow(): string {
  const [from, to] = [-3_600_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString().slice(11, 16));
  return `${from}-${to}`;
}
