import { doubt, unknownOne } from '../support/doubt';
import type { TestStore } from '../support/storeAt';
import { describeStores } from './describeStores';
import { connectInput, fresh, openLine, OUTCOMES, typed, type Line } from './line';
import { somebodyWaits } from './lockWait';
import type { MessageRow, PartRow } from '../../src/store/rows';

type Named = { messageId: string };

describeStores('a person sends a message again', (ledger) => {
  const clock = () => ledger().clock;
  const resend = (line: Pick<Line, 'scope'>, { messageId }: Named) =>
    ledger().store.messages.resend(line.scope, messageId);
  const lifecycle = (line: Pick<Line, 'scope'>, { messageId }: Named) =>
    ledger().store.messages.lifecycle(line.scope, messageId);

  it('a failed one at once: the next attempt of the same row, with a run of its own, behind what waits', async () => {
    const line = await openLine(ledger());
    const failed = await failedOne(line);
    const waiting = await line.accept();
    const again = await resend(line, failed);
    expect(again).toMatchObject({ resent: true, attempt: 2, wakes: [{ messageId: failed.messageId, claimed: false }] });
    const row = await line.message(failed);
    expect(row).toMatchObject({ attempt: 2, workflow_id: `${failed.workflowId}:r2`, open: 1, claimed: 0, tries: 0 });
    expect(row.seq).toBeGreaterThan((await line.message(waiting)).seq);
    await line.send(waiting);
    await line.send(failed, 'SECOND');
    expect(await attempts(ledger(), failed)).toEqual([
      { attempt: 1, state: 'failed', gateway_id: null },
      { attempt: 2, state: 'sent', gateway_id: 'SECOND' },
    ]);
  });

  it('GHL follows the new attempt, which begins at pending; a slow teller of the old one changes nothing', async () => {
    const line = await openLine(ledger());
    const failed = await failedOne(line);
    const { messages } = ledger().store;
    await messages.markTold(line.scope, failed.messageId, 'failed', 1);
    await resend(line, failed);
    expect(await lifecycle(line, failed)).toMatchObject({ tell: 'pending', attempt: 2 });
    await messages.markTold(line.scope, failed.messageId, 'failed', 1);
    await messages.giveUpTelling(line.scope, failed.messageId, 1);
    expect(await line.message(failed)).toMatchObject({ told: 'outdated', tell_due_at: clock().now });
    await line.receipt(await line.send(failed), 'delivered');
    expect(await lifecycle(line, failed)).toMatchObject({ tell: 'pending' });
    await messages.markTold(line.scope, failed.messageId, 'pending', 2);
    expect(await lifecycle(line, failed)).toMatchObject({ tell: 'delivered' });
  });

  it('an unknown one waits for the proof of its first attempt, and is sent when none comes', async () => {
    const line = await openLine(ledger());
    const unknown = await unknownOne(line, clock());
    await resend(line, unknown);
    expect(await line.claim(unknown)).toMatchObject({ kind: 'wait', reason: 'awaiting_earlier', ms: 60_000 });
    clock().advance(60_000);
    await line.send(unknown, 'SECOND');
    const wakes = await line.echo('FIRST', { at: clock().now - 150_000 });
    await line.receipt('FIRST', 'read');
    expect(wakes).toEqual([]);
    expect(await line.message(unknown)).toMatchObject({ state: 'sent' });
    expect(await attempts(ledger(), unknown)).toEqual([
      { attempt: 1, state: 'read', gateway_id: 'FIRST' },
      { attempt: 2, state: 'sent', gateway_id: 'SECOND' },
    ]);
  });

  it('is not sent when the proof comes meanwhile, and has that status from then on', async () => {
    const line = await openLine(ledger());
    const unknown = await unknownOne(line, clock());
    await resend(line, unknown);
    const wakes = await line.echo('FIRST', { at: clock().now - 60_000 });
    expect(wakes.map(({ messageId }) => messageId)).toEqual([unknown.messageId]);
    expect(await line.claim(unknown)).toMatchObject({ kind: 'done', state: 'sent' });
    expect(await attempts(ledger(), unknown)).toEqual([
      { attempt: 1, state: 'sent', gateway_id: 'FIRST' },
      { attempt: 2, state: 'sent', gateway_id: null },
    ]);
    const told = await line.receipt('FIRST', 'delivered');
    expect(told.map(({ messageId }) => messageId)).toEqual([unknown.messageId]);
    expect(await lifecycle(line, unknown)).toMatchObject({ state: 'delivered' });
  });

  it('the echo of a second attempt in doubt proves that one, not the first', async () => {
    const line = await openLine(ledger());
    const unknown = await unknownOne(line, clock());
    await resend(line, unknown);
    clock().advance(60_000);
    await line.record(await line.grant(unknown), OUTCOMES.timeout);
    await line.echo('SECOND');
    expect(await line.message(unknown)).toMatchObject({ state: 'sent' });
    expect(await attempts(ledger(), unknown)).toMatchObject([
      { attempt: 1, gateway_id: null },
      { attempt: 2, gateway_id: 'SECOND' },
    ]);
  });

  it('the late answer of the first attempt is its proof, and touches nothing of the second', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const first = await line.grant(message);
    clock().advance(40_000);
    await line.claim(message);
    clock().advance(60_000);
    expect(await line.claim(message)).toMatchObject({ state: 'unknown' });
    await resend(line, message);
    const before = await line.message(message);
    const { wakes } = await line.record(first, { kind: 'accepted', gatewayId: 'FIRST' }, 100_000);
    expect(wakes.map(({ messageId }) => messageId)).toContain(message.messageId);
    expect(await line.message(message)).toEqual({ ...before, next_wake_at: clock().now });
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'sent' });
  });

  it('a third time: what the first two were is heeded', async () => {
    const line = await openLine(ledger());
    const unknown = await unknownOne(line, clock());
    await resend(line, unknown);
    clock().advance(60_000);
    await doubt(line, clock(), unknown);
    expect(await resend(line, unknown)).toMatchObject({ attempt: 3 });
    await line.echo('FIRST', { at: clock().now - 180_000 });
    expect(await line.claim(unknown)).toMatchObject({ kind: 'done', state: 'sent' });
  });

  it('a third time, after the second was refused: a proof of the first that came late is heeded', async () => {
    const line = await openLine(ledger());
    const unknown = await unknownOne(line, clock());
    await resend(line, unknown);
    clock().advance(60_000);
    await line.record(await line.grant(unknown), OUTCOMES.invalid, null);
    await line.echo('FIRST', { at: clock().now - 120_000 });
    expect(await line.message(unknown)).toMatchObject({ state: 'failed' });
    expect(await resend(line, unknown)).toMatchObject({ attempt: 3, state: 'accepted' });
    expect(await line.claim(unknown)).toMatchObject({ kind: 'done', state: 'sent' });
  });

  it('whoever sends the same words anew while it waits heeds the same', async () => {
    const line = await openLine(ledger());
    const unknown = await unknownOne(line, clock());
    await resend(line, unknown);
    const typedAgain = await line.accept();
    await line.echo('FIRST', { at: clock().now - 60_000 });
    expect(await line.claim(unknown)).toMatchObject({ kind: 'done', state: 'sent' });
    expect(await line.claim(typedAgain)).toMatchObject({ kind: 'done', state: 'sent' });
  });

  it('twice at once is one attempt', async () => {
    const line = await openLine(ledger());
    const failed = await failedOne(line);
    const answers = await Promise.all([resend(line, failed), resend(line, failed)]);
    expect(answers.filter(({ resent }) => resent)).toHaveLength(1);
    expect(await attempts(ledger(), failed)).toHaveLength(2);
  });

  it('nothing but what failed or is unknown, and says how it stands', async () => {
    const line = await openLine(ledger());
    const [waiting, cancelled] = [await line.accept(), await line.accept()];
    await line.cancel(cancelled);
    const arrived = await line.arrives();
    const states = [];
    for (const message of [waiting, cancelled, arrived]) states.push(await resend(line, message));
    const refusal = { why: 'state' };
    expect(states).toEqual([
      { resent: false, state: 'accepted', refusal },
      { resent: false, state: 'cancelled', refusal },
      { resent: false, state: 'accepted', refusal },
    ]);
    await line.send(waiting);
    expect(await resend(line, waiting)).toEqual({ resent: false, state: 'sent', refusal });
  });

  it('nothing whose text was erased, and nothing that would fail as before', async () => {
    const line = await openLine(ledger());
    const erased = await failedOne(line);
    await ledger().store.erasure.erase(line.scope, {});
    expect(await resend(line, erased)).toMatchObject({ resent: false, refusal: { why: 'erased' } });
    const other = await openLine(ledger());
    const nobody = await other.accept({ address: null, failure: { reason: 'phone_missing' } });
    expect(await resend(other, nobody)).toMatchObject({ refusal: { why: 'as_before', reason: 'phone_missing' } });
    const unfit = await other.accept({ failure: { reason: 'unknown_type' } });
    expect(await resend(other, unfit)).toMatchObject({ refusal: { why: 'as_before', reason: 'unknown_type' } });
  });

  it('nothing whose text is being erased at the same moment: it does not come back', async () => {
    const line = await openLine(ledger());
    const erased = await failedOne(line);
    let again: ReturnType<typeof resend> | undefined;
    await ledger().db.tx(async (trx) => {
      const row = trx<MessageRow>('messages').where({ id: erased.messageId });
      await row.update({ content_sealed: null, erased_at: clock().now });
      again = resend(line, erased);
      if (ledger().kind === 'mysql') await Promise.race([again, somebodyWaits(ledger())]);
    });
    expect(await again).toMatchObject({ resent: false, refusal: { why: 'erased' } });
    expect(await line.message(erased)).toMatchObject({ content_sealed: null, attempt: 1 });
  });

  it('nothing to whom wants none, and nothing where the app is gone: nothing changes then', async () => {
    const line = await openLine(ledger());
    const failed = await failedOne(line);
    await line.arrives({ text: 'STOP' });
    const before = await line.message(failed);
    expect(await resend(line, failed)).toMatchObject({ refusal: { why: 'gate', reason: 'opted_out' } });
    await line.arrives({ text: 'START' });
    await ledger().store.installations.setState(line.scope, 'uninstalled', null);
    expect(await resend(line, failed)).toMatchObject({ refusal: { why: 'gate', reason: 'uninstalled' } });
    expect(await line.message(failed)).toEqual(before);
  });

  it('one that failed for want of a number, once there is one', async () => {
    const { store } = ledger();
    const line = await openLine(ledger(), { connected: false });
    const scope = { locationId: fresh('location') };
    await store.installations.install(scope, { companyId: null, grant: GRANT });
    const failed = await store.messages.acceptOutbound(scope, typed());
    expect(await line.message(failed)).toMatchObject({ state: 'failed', reason: 'no_connection' });
    expect(await resend({ scope }, failed)).toMatchObject({ refusal: { why: 'gate', reason: 'no_connection' } });
    const { connectionId } = await store.connections.connect(scope, connectInput());
    await store.connections.recordProbe(scope, connectionId, { kind: 'connected' });
    expect(await resend({ scope }, failed)).toMatchObject({ resent: true, attempt: 2 });
    expect(await line.message(failed)).toMatchObject({ connection_id: connectionId, lane_id: `out:${connectionId}` });
    expect(await store.messages.claimPart(scope, failed.messageId)).toMatchObject({ kind: 'granted' });
  });

  it('moved to another number meanwhile, its first attempt keeps the number on which it left', async () => {
    const line = await openLine(ledger());
    const unknown = await unknownOne(line, clock());
    const { connectionId } = await ledger().store.connections.connect(line.scope, connectInput());
    await resend(line, unknown);
    await ledger().store.messages.moveToConnection(line.scope, unknown.messageId, connectionId);
    const numbers = await partsOf(ledger(), unknown);
    expect(numbers.map(({ connection_id }) => connection_id)).toEqual([line.connectionId, connectionId]);
    await line.echo('FIRST', { at: clock().now - 60_000 });
    expect(await line.claim(unknown)).toMatchObject({ kind: 'done', state: 'sent' });
  });

  it('its files and its number are looked at anew', async () => {
    const line = await openLine(ledger(), { gateway: 'checking' });
    const failed = await failedOne(line);
    await resend(line, failed);
    expect(await line.claim(failed)).toMatchObject({ kind: 'prepare', check: { value: '+60-anna' } });
  });

  it('is begun by the sweeper when the process dies before its start', async () => {
    const line = await openLine(ledger());
    const failed = await failedOne(line);
    await resend(line, failed);
    clock().advance(40_000);
    const overdue = await ledger().store.sweep.overdue();
    expect(overdue).toContainEqual(expect.objectContaining({ workflowId: `${failed.workflowId}:r2`, claimed: false }));
    const untold = await ledger().store.sweep.untold();
    expect(untold.map(({ messageId }) => messageId)).toContain(failed.messageId);
  });

  it('can be cancelled while it waits', async () => {
    const line = await openLine(ledger());
    const unknown = await unknownOne(line, clock());
    await resend(line, unknown);
    expect(await line.cancel(unknown, true)).toMatchObject({ cancelled: true });
    await line.echo('FIRST', { at: clock().now - 60_000 });
    expect(await line.claim(unknown)).toMatchObject({ kind: 'done', state: 'cancelled' });
    expect(await resend(line, unknown)).toMatchObject({ resent: false, state: 'cancelled' });
  });

  it("comes next as a person's act, and takes the contact's earlier ones with it", async () => {
    const line = await openLine(ledger());
    const failed = await failedOne(line);
    const [other, earlier] = [await line.accept({ to: 'ben' }), await line.accept()];
    await resend(line, failed);
    expect((await line.message(failed)).rank).toBe(0);
    expect(await line.claim(other)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await line.send(earlier);
    await line.send(failed);
    await line.send(other);
  });
});

const GRANT = { accessToken: 'access', refreshToken: 'refresh', expiresInS: 86_400, scope: 'conversations' };

async function failedOne(line: Line): Promise<Awaited<ReturnType<Line['accept']>>> {
  const message = await line.accept();
  await line.record(await line.grant(message), OUTCOMES.invalid, null);
  return message;
}

async function partsOf({ db }: TestStore, { messageId }: Named): Promise<PartRow[]> {
  return await db.knex<PartRow>('message_parts').where({ message_id: messageId }).orderBy('attempt');
}

async function attempts(ledger: TestStore, message: Named): Promise<Partial<PartRow>[]> {
  return (await partsOf(ledger, message)).map(({ attempt, state, gateway_id }) => ({ attempt, state, gateway_id }));
}
