import { describeLines } from './describeLines';
import { describeStores } from './describeStores';
import { connectInput, fresh, grantOf, openLine, typed } from './line';

describeLines('accepting an outbound message', (ledger, open) => {
  it("leaves on the number that is kept for the message's provider", async () => {
    const line = await open();
    const { store } = ledger();
    const { channel, gateway } = (await store.connections.get(line.scope, line.connectionId))!;
    const extra = await store.connections.connect(line.scope, connectInput({ channel, gateway }));
    await store.connections.changeSettings(line.scope, extra.connectionId, { providers: ['custom'] });
    const connectionOf = async (providerId: string, to: string) =>
      (await line.message(await line.accept({ providerId, to }))).connection_id;
    expect(await connectionOf('custom', 'anna')).toBe(extra.connectionId);
    expect(await connectionOf('sms', 'ben')).toBe(line.connectionId);
  });

  it('takes the same message once, and says so the second time', async () => {
    const line = await open();
    const first = await line.accept({ messageKey: 'm1' });
    const second = await line.accept({ messageKey: 'm1', text: 'other words' });
    expect(first.duplicate).toBe(false);
    expect(second).toMatchObject({ duplicate: true, messageId: first.messageId, workflowId: first.workflowId });
  });

  it('takes one of 50 posts of the same message at once', async () => {
    const scope = { locationId: fresh('location') };
    const input = typed();
    const all = await Promise.all(
      Array.from({ length: 50 }, () => ledger().store.messages.acceptOutbound(scope, input)),
    );
    expect(all.filter((one) => !one.duplicate)).toHaveLength(1);
    expect(new Set(all.map((one) => one.messageId)).size).toBe(1);
    const rows = await ledger().db.knex('messages').where({ location_id: scope.locationId });
    expect(rows).toHaveLength(1);
    const parts = await ledger().db.knex('message_parts').where({ location_id: scope.locationId });
    expect(parts).toHaveLength(1);
  });

  it('gives 50 messages that come at once a place each', async () => {
    const line = await open();
    const all = await Promise.all(Array.from({ length: 50 }, () => line.accept()));
    const seqs = await Promise.all(all.map(async (one) => (await line.message(one)).seq));
    expect(new Set(seqs).size).toBe(50);
  });

  it('keeps the order of acceptance as the order of sequence', async () => {
    const line = await open();
    const seqs: number[] = [];
    for (let n = 0; n < 5; n++) seqs.push((await line.message(await line.accept())).seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(5);
  });

  it('keeps what is sent to a location that nobody has installed', async () => {
    const scope = { locationId: fresh('location') };
    const accepted = await ledger().store.messages.acceptOutbound(scope, typed());
    expect(accepted).toMatchObject({ connectionId: null, duplicate: false });
    const claim = await ledger().store.messages.claimPart(scope, accepted.messageId);
    expect(claim).toMatchObject({ kind: 'wait', reason: 'not_installed', ms: 24 * 3600 * 1000 });
    const found = await ledger().store.messages.findByKey(scope, accepted.workflowId.split(':')[2]!);
    const parked = { lane_id: `park:${scope.locationId}`, state: 'waiting', reason: 'not_installed' };
    expect(found!.message).toMatchObject(parked);
  });

  it('fails at once where the app is installed and no number was ever connected', async () => {
    const scope = { locationId: fresh('location') };
    await ledger().store.installations.install(scope, { companyId: null, grant: grantOf() });
    const accepted = await ledger().store.messages.acceptOutbound(scope, typed());
    expect(accepted.state).toBe('failed');
    const life = await ledger().store.messages.lifecycle(scope, accepted.messageId);
    expect(life).toMatchObject({ state: 'failed', reason: 'no_connection', tell: 'failed' });
  });

  it('keeps what comes while the first number waits for its QR code', async () => {
    const line = await open({ connected: false });
    const accepted = await line.accept();
    expect(await line.claim(accepted)).toMatchObject({ kind: 'wait', reason: 'unverified' });
  });

  it('stores what can never be sent, with its reason, and has GHL told', async () => {
    const line = await open();
    const failure = { reason: 'phone_impossible', text: 'Not a number.' };
    const accepted = await line.accept({ address: null, failure });
    expect(await line.message(accepted)).toMatchObject({
      state: 'failed',
      open: 0,
      claimable: 0,
      ...reasonOf(failure),
    });
    expect(await line.claim(accepted)).toEqual({ kind: 'done', state: 'failed', wake: null });
    ledger().clock.advance(60_000);
    const untold = await ledger().store.sweep.untold();
    expect(untold.map((one) => one.messageId)).toContain(accepted.messageId);
  });

  it('has nobody told of a failure that is no message of GHL', async () => {
    const line = await open();
    const accepted = await line.accept({ ghlMessageId: null, failure: { reason: 'phone_impossible' } });
    ledger().clock.advance(60_000);
    const untold = await ledger().store.sweep.untold();
    expect(untold.map((one) => one.messageId)).not.toContain(accepted.messageId);
  });

  it('does not let a failure take a place in the order, nor make the next one wait', async () => {
    const line = await open();
    await line.accept({ failure: { reason: 'phone_impossible' } });
    expect(await line.claim(await line.accept())).toMatchObject({ kind: 'granted' });
  });

  it('fails a message without any part instead of keeping it for ever', async () => {
    const line = await open();
    const accepted = await line.accept({ parts: [], content: { v: 1 } });
    expect(await line.message(accepted)).toMatchObject({ state: 'failed', reason: 'nothing_to_send' });
  });

  it('takes ids as long as the routes let through', async () => {
    const long = (prefix: string): string => fresh(prefix).padEnd(190, 'x');
    const scope = { locationId: long('location') };
    const accepted = await ledger().store.messages.acceptOutbound(
      scope,
      typed({ messageKey: long('message'), contactId: long('contact'), userId: long('user') }),
    );
    expect(accepted).toMatchObject({ duplicate: false, connectionId: null });
  });

  it('keeps locations, messages and contacts apart that differ in case alone', async () => {
    const line = await open();
    const [one, other] = [await line.accept({ messageKey: 'AbC' }), await line.accept({ messageKey: 'aBc' })];
    expect(other.duplicate).toBe(false);
    expect(other.messageId).not.toBe(one.messageId);
  });

  it('keeps a contact with unfinished messages on the number that has them', async () => {
    const line = await open();
    const first = await line.accept({ to: 'anna' });
    const second = await open({ scope: line.scope });
    await ledger().db.knex('connections').where({ id: second.connectionId }).update({ created_at: 1 });
    expect((await line.accept({ to: 'anna' })).connectionId).toBe(line.connectionId);
    expect((await line.accept({ to: 'ben' })).connectionId).toBe(second.connectionId);
    expect(first.connectionId).toBe(line.connectionId);
  });

  it('leaves nothing parked that was accepted while the number was being connected', async () => {
    const scope = { locationId: fresh('location') };
    const { messages, connections } = ledger().store;
    await messages.acceptOutbound(scope, typed());
    const accepts = Array.from({ length: 12 }, () => messages.acceptOutbound(scope, typed()));
    const [connected] = await Promise.all([connections.connect(scope, connectInput()), ...accepts]);
    const rows = await ledger().db.knex('messages').where({ location_id: scope.locationId }).select('lane_id');
    expect(new Set(rows.map((row) => row.lane_id))).toEqual(new Set([`out:${connected.connectionId}`]));
  });
});

describeStores('accepting an outbound message, on a number with a gap', (ledger) => {
  it('plans each one behind the one before, and the first one at once', async () => {
    const line = await openLine(ledger());
    const planned: number[] = [];
    for (let n = 0; n < 4; n++) planned.push((await line.accept({ to: `p${n}` })).plannedAt);
    expect(planned[0]).toBe(ledger().clock.now);
    const steps = planned.slice(1).map((at, n) => at - planned[n]!);
    for (const step of steps) expect(step).toBeGreaterThanOrEqual(8_500);
  });
});

function reasonOf({ reason, text }: { reason: string; text: string }) {
  return { reason, reason_text: text };
}
