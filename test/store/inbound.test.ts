import type { PostOutcome } from '../../src/store/messages/posted';
import { describeLines } from './describeLines';
import { fresh, type Granted, type Line } from './line';

const LEASE = 40_000;
const LATER: PostOutcome = { kind: 'later', waitMs: 5_000, code: 'ghl_unavailable' };
const AMBIGUOUS: PostOutcome = { kind: 'ambiguous', waitMs: 10_000, code: 'ghl_ambiguous' };
const FAILED: PostOutcome = { kind: 'failed', code: 'ghl_refused', text: 'GHL refuses it.' };

describeLines('an inbound message', (ledger, open, channel) => {
  const posted = (): PostOutcome => ({
    kind: 'posted',
    ghlMessageId: fresh('ghl-message'),
    contactId: 'contact-1',
    conversationId: 'conversation-1',
  });
  const record = ({ claim }: Granted, outcome: PostOutcome = posted()) =>
    ledger().store.messages.recordPosted(claim, outcome);
  const post = async (line: Line, message: { messageId: string }, outcome?: PostOutcome) =>
    record(await line.grant(message), outcome);

  it('is taken once, whichever dialect brings it and how often', async () => {
    const line = await open();
    const gatewayId = fresh('IN');
    const all = await Promise.all(Array.from({ length: 20 }, () => line.arrives({ gatewayId })));
    expect(all.filter((one) => !one.duplicate)).toHaveLength(1);
    expect(new Set(all.map((one) => one.messageId)).size).toBe(1);
    expect(all[0]).toMatchObject({ direction: 'inbound', workflowId: `inbound:${line.connectionId}:${gatewayId}` });
  });

  it('comes 40 times at once from one sender, and none is lost', async () => {
    const line = await open();
    const all = await Promise.all(Array.from({ length: 40 }, () => line.arrives()));
    const seqs = await Promise.all(all.map(async (one) => (await line.message(one)).seq));
    expect(new Set(seqs).size).toBe(40);
  });

  it('is given out with what is to be posted', async () => {
    const line = await open();
    const granted = await line.grant(await line.arrives({ from: 'anna', text: 'Hi there', gatewayId: 'IN-77' }));
    expect(granted).toMatchObject({
      to: { channel, value: '+60-anna' },
      content: { text: 'Hi there', at: ledger().clock.now },
      lookFirst: false,
      message: { source_key: `${line.connectionId}:IN-77` },
    });
  });

  it("is posted behind its sender's earlier ones, whatever happens to them", async () => {
    const line = await open();
    const [first, second] = [await line.arrives({ from: 'anna' }), await line.arrives({ from: 'anna' })];
    expect(await line.claim(second)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await post(line, first, LATER);
    expect(await line.claim(first)).toMatchObject({ kind: 'wait', reason: 'retrying', ms: 5_000 });
    expect(await line.claim(second)).toMatchObject({ kind: 'wait', reason: 'behind' });
    ledger().clock.advance(5_000);
    await ledger()
      .db.knex('messages')
      .where({ id: second.messageId })
      .update({ next_wake_at: ledger().clock.now + 90_000 });
    const { wakes } = await post(line, first);
    expect(wakes.map((wake) => wake.messageId)).toEqual([second.messageId]);
    await post(line, second);
    expect(await line.message(second)).toMatchObject({ state: 'delivered', open: 0, contact_id: 'contact-1' });
  });

  it('does not wait for another sender, nor for the pace and state of the number', async () => {
    const line = await open();
    await line.send(await line.accept());
    const [one, other] = [await line.arrives({ from: 'anna' }), await line.arrives({ from: 'ben' })];
    await line.setConnection({ state: 'disconnected' });
    for (const message of [one, other]) expect(await line.claim(message)).toMatchObject({ kind: 'granted' });
  });

  it("waits without waking up every second while its sender's earlier one is stuck", async () => {
    const line = await open();
    const [first, second] = [await line.arrives({ from: 'anna' }), await line.arrives({ from: 'anna' })];
    await post(line, first, { ...LATER, waitMs: 300_000 });
    const claim = await line.claim(second);
    expect(claim).toMatchObject({ kind: 'wait', reason: 'behind' });
    expect((claim as { ms: number }).ms).toBeGreaterThanOrEqual(300_000);
  });

  it('of a location that nobody has installed, or that is held, waits', async () => {
    const line = await open({ installed: false });
    const message = await line.arrives();
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'not_installed' });
    await ledger().store.installations.setState(line.scope, 'suspended', null);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'suspended' });
  });

  it('that was posted is done, and GHL is told nothing of it', async () => {
    const line = await open();
    const message = await line.arrives();
    await post(line, message);
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'delivered' });
    const life = await ledger().store.messages.lifecycle(line.scope, message.messageId);
    expect(life).toMatchObject({ state: 'delivered', tell: null, receiptsForMs: null });
    ledger().clock.advance(300_000_000);
    const overdue = await ledger().store.sweep.overdue();
    expect(overdue.map((one) => one.messageId)).not.toContain(message.messageId);
  });

  it("that GHL refuses fails, and its sender's next one goes on", async () => {
    const line = await open();
    const [first, second] = [await line.arrives(), await line.arrives()];
    await post(line, first, FAILED);
    expect(await line.message(first)).toMatchObject({
      state: 'failed',
      reason: 'ghl_refused',
      reason_text: 'GHL refuses it.',
    });
    await post(line, second);
  });

  it('that may have been posted is looked up first', async () => {
    const line = await open();
    const message = await line.arrives();
    await post(line, message, AMBIGUOUS);
    ledger().clock.advance(10_000);
    expect(await line.grant(message)).toMatchObject({ lookFirst: true });
  });

  it('whose worker died is looked up first', async () => {
    const line = await open();
    const message = await line.arrives();
    await line.grant(message);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'in_flight' });
    ledger().clock.advance(LEASE);
    expect(await line.grant(message)).toMatchObject({ lookFirst: true });
  });

  it('is looked up first until it was posted, also when a look-up could not be made', async () => {
    const line = await open();
    const message = await line.arrives();
    await line.grant(message);
    ledger().clock.advance(LEASE);
    await record(await line.grant(message), LATER);
    ledger().clock.advance(5_000);
    const third = await line.grant(message);
    expect(third).toMatchObject({ lookFirst: true });
    await record(third, AMBIGUOUS);
    ledger().clock.advance(10_000);
    await record(await line.grant(message), LATER);
    ledger().clock.advance(5_000);
    expect(await line.grant(message)).toMatchObject({ lookFirst: true });
  });

  it('that certainly was not posted is not looked up', async () => {
    const line = await open();
    const message = await line.arrives();
    await post(line, message, LATER);
    ledger().clock.advance(5_000);
    expect(await line.grant(message)).toMatchObject({ lookFirst: false });
  });

  it('is not changed by the late outcome of a claim that was given up', async () => {
    const line = await open();
    const message = await line.arrives();
    const dead = await line.grant(message);
    ledger().clock.advance(LEASE);
    const alive = await line.grant(message);
    expect(await record(dead, FAILED)).toEqual({ wakes: [] });
    expect((await line.message(message)).state).toBe('sending');
    await record(alive);
    expect((await line.message(message)).state).toBe('delivered');
  });
});
