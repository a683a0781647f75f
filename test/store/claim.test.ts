import { describeLines } from './describeLines';
import { describeStores } from './describeStores';
import { openLine, OUTCOMES } from './line';

/** The middle of the text gap, as the fixed random of these stores draws it. */
const GAP = 8_500;
const LEASE = 40_000;

describeLines('claiming a part', (ledger, open) => {
  it('writes the claim down before anything can be sent', async () => {
    const line = await open();
    const message = await line.accept();
    const { claim } = await line.grant(message);
    expect(await line.message(message)).toMatchObject({ state: 'sending', claimed: 1, claimable: 0, open: 1 });
    expect(await line.part(message)).toMatchObject({ state: 'sending', attempt_token: claim.attemptToken });
    expect((await line.lane()).lease_token).toBe(claim.attemptToken);
  });

  it('never gives a part out twice', async () => {
    const line = await open();
    const message = await line.accept();
    const all = await Promise.all(Array.from({ length: 20 }, () => line.claim(message)));
    expect(all.filter((one) => one.kind === 'granted')).toHaveLength(1);
    for (const one of all) expect(['granted', 'wait']).toContain(one.kind);
  });

  it('gives nothing to whoever is not the head', async () => {
    const line = await open();
    const [first, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    expect(await line.claim(second)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await line.grant(first);
  });

  it('keeps the order of one contact, whoever asks first', async () => {
    const line = await open();
    const messages = [
      await line.accept({ to: 'anna' }),
      await line.accept({ to: 'anna' }),
      await line.accept({ to: 'anna' }),
    ];
    expect(await line.claim(messages[2]!)).toMatchObject({ kind: 'wait', reason: 'behind' });
    for (const message of messages) await line.send(message);
  });

  it('lets another contact pass one that is in back-off, and nobody pass within the contact', async () => {
    const line = await open();
    const [failing, same, other] = [
      await line.accept({ to: 'anna' }),
      await line.accept({ to: 'anna' }),
      await line.accept({ to: 'ben' }),
    ];
    await line.record(await line.grant(failing), OUTCOMES.busy, null);
    expect(await line.claim(failing)).toMatchObject({ kind: 'wait', reason: 'retrying', ms: 5_000 });
    expect(await line.claim(same)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await line.grant(other);
  });

  it('asks for no gap after what was never written', async () => {
    const line = await open();
    const [first, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    await line.record(await line.grant(first), OUTCOMES.stale, null);
    await line.record(await line.grant(first), OUTCOMES.refused, null);
    expect(await line.claim(second)).toMatchObject({ kind: 'granted' });
  });

  it('sends nothing beside a claim whose lease lives, and goes on when it has run out', async () => {
    const line = await open();
    const [first, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    await line.grant(first);
    expect(await line.claim(second)).toEqual({ kind: 'sit', ms: LEASE, reason: 'in_flight' });
    expect(await line.claim(first)).toMatchObject({ kind: 'wait', reason: 'in_flight', ms: LEASE + 500 });
    ledger().clock.advance(LEASE - 1);
    expect(await line.claim(second)).toMatchObject({ kind: 'sit', ms: 1 });
    ledger().clock.advance(1);
    await line.grant(second);
  });

  it('only looks when it is asked to look', async () => {
    const line = await open();
    const message = await line.accept();
    expect(await line.claim(message, true)).toEqual({ kind: 'ready' });
    expect(await line.message(message)).toMatchObject({ claimed: 0, state: 'accepted' });
    expect(await line.part(message)).toMatchObject({ state: 'unsent', attempt_token: null });
    await line.grant(message);
  });

  it('wakes a head that sleeps when it finds one', async () => {
    const line = await open();
    const [head, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    ledger().clock.advance(11_000);
    const claim = await line.claim(second);
    expect(claim).toMatchObject({
      kind: 'wait',
      wake: { messageId: head.messageId, laneId: `out:${line.connectionId}` },
    });
    expect((await line.lane()).wake_due_message).toBe(head.messageId);
    expect(await line.claim(second)).toMatchObject({ kind: 'wait', wake: null });
  });

  it('lets a smaller rank go first among contacts, never within one', async () => {
    const line = await open();
    const [campaign, before, reply] = [
      await line.accept({ to: 'anna' }),
      await line.accept({ to: 'ben' }),
      await line.accept({ to: 'ben' }),
    ];
    const rank = (message: { messageId: string }, by: number) =>
      ledger().db.knex('messages').where({ id: message.messageId }).update({ rank: by });
    await rank(reply, -2);
    expect(await line.claim(reply)).toMatchObject({ kind: 'wait' });
    await rank(before, -2);
    expect(await line.claim(campaign)).toMatchObject({ kind: 'wait', reason: 'behind' });
    for (const message of [before, reply, campaign]) await line.send(message);
  });
});

describeStores('claiming a part, on a number with a gap', (ledger) => {
  it('gives the first one out with all that the adapter needs', async () => {
    const line = await openLine(ledger());
    const granted = await line.grant(await line.accept({ to: 'anna', text: 'Good morning' }));
    expect(granted).toMatchObject({
      gateway: 'waapify',
      to: { channel: 'whatsapp', value: '+60-anna' },
      part: { kind: 'text', text: 'Good morning' },
      lookFirst: false,
      claim: { n: 1, m: 1, locationId: line.scope.locationId },
    });
    expect(granted.endpoint!.token).toMatch(/^gateway-token/);
    expect(granted.claim.attemptToken).toMatch(/^[0-9a-f]{32}$/);
  });

  it('lets the gap run from the write', async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    const granted = await line.grant(first);
    ledger().clock.advance(3_000);
    await line.record(granted, { kind: 'accepted', gatewayId: `W-${first.messageId}` }, 2_000);
    expect(await line.claim(second)).toEqual({ kind: 'sit', ms: GAP - 2_000, reason: 'gap' });
    ledger().clock.advance(GAP - 2_001);
    expect(await line.claim(second)).toEqual({ kind: 'sit', ms: 1, reason: 'gap' });
    ledger().clock.advance(1);
    await line.grant(second);
  });

  it('keeps the gap after a claim that nobody finished', async () => {
    const line = await openLine(ledger());
    const first = await line.accept({ to: 'anna' });
    await line.grant(first);
    expect(await line.freeAt()).toBe(ledger().clock.now + 5_000 + GAP);
  });

  it('says how long it takes from its place in the queue', async () => {
    const line = await openLine(ledger());
    const messages = [];
    for (let n = 0; n < 10; n++) messages.push(await line.accept({ to: `p${n}` }));
    const last = await line.claim(messages[9]!);
    expect(last).toMatchObject({ kind: 'wait', reason: 'behind' });
    expect((last as { ms: number }).ms).toBeGreaterThanOrEqual(9 * GAP);
  });

  it('does not send what has ended', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.send(message);
    expect(await line.claim(message)).toEqual({ kind: 'done', state: 'sent', wake: null });
  });
});
