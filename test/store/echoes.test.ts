import { planParts } from '../../src/domain/parts';
import { LIMITS } from '../support/partLimits';
import { describeStores } from './describeStores';
import { fresh, openLine, OUTCOMES } from './line';

describeStores('a send without a clear answer', (ledger) => {
  it('waits for its echo, then is unknown', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.timeout);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'awaiting_echo', ms: 60_000 });
    expect(await line.message(message)).toMatchObject({ state: 'sending', claimable: 0 });
    ledger().clock.advance(59_999);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', ms: 1 });
    ledger().clock.advance(1);
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'unknown' });
    expect(await line.message(message)).toMatchObject({ state: 'unknown', reason: 'no_echo', open: 0 });
  });

  it('holds its contact while it waits, and nobody else', async () => {
    const line = await openLine(ledger());
    const [message, same, other] = [
      await line.accept({ to: 'anna' }),
      await line.accept({ to: 'anna' }),
      await line.accept({ to: 'ben' }),
    ];
    await line.record(await line.grant(message), OUTCOMES.timeout);
    ledger().clock.now = await line.freeAt();
    expect(await line.claim(same)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await line.grant(other);
  });

  it('is sent when its echo comes, and both it and the next head are woken', async () => {
    const line = await openLine(ledger());
    const [message, next] = [await line.accept(), await line.accept()];
    await line.record(await line.grant(message), OUTCOMES.timeout);
    ledger().clock.advance(30_000);
    const wakes = await line.echo('ECHO-1');
    expect(wakes.map((wake) => wake.messageId)).toEqual([message.messageId, next.messageId]);
    expect(await line.message(message)).toMatchObject({ state: 'sent', reason: null });
    expect(await line.part(message)).toMatchObject({ gateway_id: 'ECHO-1', ack: 'echo' });
  });

  it('is sent by an echo that came before the outcome', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    const granted = await line.grant(message);
    expect(await line.echo('ECHO-1')).toEqual([]);
    expect((await line.part(message)).state).toBe('sending');
    await line.record(granted, OUTCOMES.timeout);
    expect(await line.message(message)).toMatchObject({ state: 'sent' });
  });

  it('is sent by an echo that came before its worker was found dead', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.grant(message);
    await line.echo('ECHO-1');
    ledger().clock.advance(40_000);
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'sent' });
  });

  it('is corrected by an echo that comes after it was given up', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.timeout);
    const writtenAt = ledger().clock.now;
    ledger().clock.advance(3_600_000);
    expect(await line.claim(message)).toMatchObject({ state: 'unknown' });
    const wakes = await line.echo('ECHO-1', { at: writtenAt });
    expect(wakes.map((wake) => wake.messageId)).toContain(message.messageId);
    expect(await line.message(message)).toMatchObject({ state: 'sent', reason: null });
  });

  it('takes the echo of nobody else: other words, another number, another time', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ to: 'anna', text: 'Hello' });
    await line.record(await line.grant(message), OUTCOMES.timeout);
    await line.echo('WORDS', { text: 'Goodbye' });
    await line.echo('NUMBER', { to: 'ben' });
    await line.echo('NOBODY', { to: null });
    await line.echo('EARLY', { at: ledger().clock.now - 3_600_000 });
    await line.echo('LATE', { at: ledger().clock.now + 24 * 3_600_000 });
    expect(await line.part(message)).toMatchObject({ state: 'ambiguous', gateway_id: null });
  });

  it('takes its echo in spite of white space and line ends', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: ' two\r\nlines ' });
    await line.record(await line.grant(message), OUTCOMES.timeout);
    await line.echo('ECHO-1', { text: 'two\nlines' });
    expect((await line.part(message)).state).toBe('sent');
  });

  it('is not sent by what was typed on the phone before', async () => {
    const line = await openLine(ledger());
    await line.echo('PHONE');
    ledger().clock.advance(300_000);
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.timeout);
    expect((await line.part(message)).state).toBe('ambiguous');
  });

  it('shares no echo: the oldest part takes the first one', async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept(), await line.accept()];
    for (const message of [first, second]) {
      ledger().clock.now = Math.max(ledger().clock.now, await line.freeAt());
      await line.record(await line.grant(message), OUTCOMES.timeout);
      ledger().clock.advance(60_000);
      await line.claim(message);
    }
    await line.echo('ECHO-1');
    expect((await line.part(first)).gateway_id).toBe('ECHO-1');
    expect((await line.part(second)).state).toBe('unknown');
    await line.echo('ECHO-1');
    expect((await line.part(second)).state).toBe('unknown');
    await line.echo('ECHO-2');
    expect((await line.part(second)).gateway_id).toBe('ECHO-2');
  });

  it('takes no echo while a part to that number is in flight: the answer will name it', async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept(), await line.accept()];
    await line.record(await line.grant(first), OUTCOMES.timeout);
    ledger().clock.advance(60_000);
    await line.claim(first);
    const granted = await line.grant(second);
    expect(await line.echo('ECHO-OF-SECOND')).toEqual([]);
    expect((await line.part(first)).state).toBe('unknown');
    await line.record(granted, { kind: 'accepted', gatewayId: 'ECHO-OF-SECOND' });
    expect((await line.part(first)).state).toBe('unknown');
    expect(await line.part(second)).toMatchObject({ state: 'sent', gateway_id: 'ECHO-OF-SECOND', ack: 'echo' });
  });

  it('keeps the echo of a send that was answered from proving another one', async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept(), await line.accept()];
    await line.record(await line.grant(first), OUTCOMES.timeout);
    ledger().clock.advance(60_000);
    await line.claim(first);
    await line.send(second, 'ID-OF-SECOND');
    await line.echo('ID-OF-SECOND');
    expect((await line.part(first)).state).toBe('unknown');
    expect(await line.part(second)).toMatchObject({ state: 'sent', ack: 'echo' });
  });

  it('takes receipts that came before its echo along with it', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.timeout);
    await line.receipt('ECHO-1', 'delivered');
    await line.echo('ECHO-1');
    expect(await line.message(message)).toMatchObject({ state: 'delivered' });
  });

  it('counts as delivered by its echo where no receipts are expected', async () => {
    const line = await openLine(ledger());
    await line.setConnection({ settings: JSON.stringify({ receipts: 'none' }) });
    const [ambiguous, answered] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    await line.record(await line.grant(ambiguous), OUTCOMES.timeout);
    await line.echo('ECHO-1');
    expect((await line.message(ambiguous)).state).toBe('delivered');
    ledger().clock.now = await line.freeAt();
    await line.send(answered, 'ID-2');
    expect((await line.message(answered)).state).toBe('sent');
    const wakes = await line.echo('ID-2', { to: 'ben' });
    expect((await line.message(answered)).state).toBe('delivered');
    expect(wakes.map((wake) => wake.messageId)).toEqual([answered.messageId]);
  });

  it('gives way when the gateway names a send that an echo had been taken for', async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept(), await line.accept()];
    await line.record(await line.grant(first), OUTCOMES.timeout);
    ledger().clock.advance(60_000);
    await line.claim(first);
    const granted = await line.grant(second);
    ledger().clock.advance(40_000);
    await line.claim(second);
    await line.echo('ECHO-1');
    await line.record(granted, { kind: 'accepted', gatewayId: 'ECHO-1' });
    expect(await line.message(second)).toMatchObject({ state: 'sent' });
    const taken = await ledger()
      .db.knex('message_parts')
      .where({ connection_id: line.connectionId, gateway_id: 'ECHO-1' });
    expect(taken).toHaveLength(1);
  });

  it('does not go through the years of what was typed on the phone', async () => {
    const line = await openLine(ledger());
    for (let n = 0; n < 30; n++) await line.echo(fresh('PHONE'), { text: `note ${n}` });
    let queries = 0;
    const counting = (): number => (queries += 1);
    ledger().db.knex.on('query', counting);
    await line.echo(fresh('PHONE'), { text: 'one more' });
    ledger().db.knex.off('query', counting);
    expect(queries).toBeLessThan(15);
  });

  it.each(['before', 'after'])(
    'proves a send that the gateway said had failed, when it comes %s the answer',
    async (when) => {
      const line = await openLine(ledger());
      const message = await line.accept();
      const granted = await line.grant(message);
      if (when === 'before') await line.echo('WAMID-1');
      await line.record(granted, OUTCOMES.busy);
      if (when === 'after') await line.echo('WAMID-1');
      ledger().clock.advance(60_000);
      expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'sent' });
    },
  );

  it('proves nothing of a send that never left', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.refused, null);
    await line.echo('TYPED-ON-THE-PHONE');
    ledger().clock.advance(60_000);
    expect(await line.claim(message)).toMatchObject({ kind: 'granted' });
  });

  it('is repeated twice at the most where the connection chose at least once, and an echo still ends it', async () => {
    const line = await openLine(ledger());
    await ledger().store.connections.changeSettings(line.scope, line.connectionId, { atLeastOnce: true });
    const [message, proved] = [await line.accept(), await line.accept({ to: 'ben' })];
    for (let writes = 0; writes < 3; writes++) {
      await line.record(await line.grant(message), OUTCOMES.timeout);
      ledger().clock.advance(60_000);
    }
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'unknown' });
    await line.record(await line.grant(proved), OUTCOMES.timeout);
    ledger().clock.advance(60_000);
    expect(await line.claim(proved, true)).toMatchObject({ kind: 'ready' });
    await line.echo('LATE-BUT-THERE', { to: 'ben' });
    expect(await line.claim(proved)).toMatchObject({ kind: 'done', state: 'sent' });
  });

  it.each(['answer', 'echo'])(
    'is repeated so often of each part, where the one before it was in doubt until its %s came',
    async (proof) => {
      const line = await openLine(ledger());
      await ledger().store.connections.changeSettings(line.scope, line.connectionId, { atLeastOnce: true });
      const content = { v: 1 as const, text: 'one' };
      const [part] = planParts(content, LIMITS, null);
      const message = await line.accept({ content, parts: [part!, part!] });
      const inDoubt = async () => {
        await line.record(await line.grant(message), OUTCOMES.timeout);
        ledger().clock.advance(60_000);
      };
      await inDoubt();
      await inDoubt();
      const granted = await line.grant(message);
      await line.record(granted, proof === 'answer' ? { kind: 'accepted', gatewayId: 'FIRST' } : OUTCOMES.timeout);
      if (proof === 'echo') await line.echo('FIRST', { text: 'one' });
      ledger().clock.advance(60_000);
      for (let writes = 0; writes < 3; writes++) await inDoubt();
      expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'unknown' });
    },
  );
});
