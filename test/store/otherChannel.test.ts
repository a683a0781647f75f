import { describeStores } from './describeStores';
import { fresh, openLine, OUTCOMES, type LineOptions } from './line';

const TEST: LineOptions = { gateway: 'test', channel: 'test' };

describeStores('a channel that is not WhatsApp', (ledger) => {
  it('sends without a gap, one after the other', async () => {
    const line = await openLine(ledger(), TEST);
    const messages = [
      await line.accept({ to: 'anna' }),
      await line.accept({ to: 'ben' }),
      await line.accept({ to: 'anna' }),
    ];
    const granted = await line.grant(messages[0]!);
    expect(await line.claim(messages[1]!)).toMatchObject({ kind: 'sit', reason: 'in_flight' });
    const began = ledger().clock.now;
    await line.record(granted, { kind: 'accepted', gatewayId: fresh('ID') });
    for (const message of messages.slice(1)) await line.send(message);
    expect(ledger().clock.now).toBe(began);
  });

  it('counts as delivered when its gateway takes it', async () => {
    const line = await openLine(ledger(), TEST);
    const message = await line.accept();
    await line.send(message);
    expect(await line.message(message)).toMatchObject({ state: 'delivered' });
    const life = await ledger().store.messages.lifecycle(line.scope, message.messageId);
    expect(life).toMatchObject({ tell: 'delivered', receiptsForMs: null });
  });

  it('is unknown at once without a clear answer: no echo will come', async () => {
    const line = await openLine(ledger(), TEST);
    const [message, next] = [await line.accept(), await line.accept()];
    await line.record(await line.grant(message), OUTCOMES.timeout);
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'unknown' });
    await line.grant(next);
  });

  it('keeps order, back-off, holds and the deadline of retries', async () => {
    const line = await openLine(ledger(), TEST);
    const [first, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'anna' })];
    await line.record(await line.grant(first), OUTCOMES.busy, null);
    expect(await line.claim(second)).toMatchObject({ kind: 'wait', reason: 'behind' });
    ledger().clock.advance(5_000);
    await line.record(await line.grant(first), { kind: 'held', state: 'relogin', code: 'relogin', text: '' });
    expect(await line.claim(first)).toMatchObject({ kind: 'wait', reason: 'relogin' });
    await ledger().store.connections.recordProbe(line.scope, line.connectionId, { kind: 'connected' });
    await line.send(first);
    await line.send(second);
  });

  it('has addresses of its own: the same text is another address there', async () => {
    const [mail, chat] = [await openLine(ledger(), TEST), await openLine(ledger())];
    const [one, other] = [await mail.accept({ to: 'anna' }), await chat.accept({ to: 'anna' })];
    expect((await mail.message(one)).address_key).not.toBe((await chat.message(other)).address_key);
    expect((await mail.grant(one)).to).toEqual({ channel: 'test', value: '+60-anna' });
  });

  it('receives in the order of each sender', async () => {
    const line = await openLine(ledger(), TEST);
    const [first, second, other] = [
      await line.arrives({ from: 'anna' }),
      await line.arrives({ from: 'anna' }),
      await line.arrives({ from: 'ben' }),
    ];
    expect(await line.claim(second)).toMatchObject({ kind: 'wait', reason: 'behind' });
    for (const message of [other, first, second]) {
      const { claim } = await line.grant(message);
      const ids = { ghlMessageId: fresh('ghl-message'), contactId: 'c', conversationId: null };
      await ledger().store.messages.recordPosted(claim, { kind: 'posted', ...ids });
    }
  });

  it('is not given what waits for WhatsApp, nor the other way round', async () => {
    const scope = { locationId: fresh('location') };
    const line = await openLine(ledger(), { ...TEST, scope });
    const forWhatsapp = await line.accept({ channel: 'whatsapp', address: { channel: 'whatsapp', value: '+60-anna' } });
    expect(forWhatsapp.connectionId).toBeNull();
    const second = await openLine(ledger(), { ...TEST, scope });
    expect((await line.message(forWhatsapp)).connection_id).toBeNull();
    expect((await second.accept()).connectionId).toBe(line.connectionId);
    const whatsapp = await openLine(ledger(), { scope });
    expect((await line.message(forWhatsapp)).connection_id).toBe(whatsapp.connectionId);
    await whatsapp.grant(forWhatsapp);
  });
});

describeStores('a gateway with echoes and no receipts', (ledger) => {
  const ECHOING: LineOptions = { gateway: 'echoing' };

  it('delivers by its echo, before the answer or after it', async () => {
    const line = await openLine(ledger(), ECHOING);
    const [before, after] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    const granted = await line.grant(before);
    await line.echo('ID-1', { to: 'anna' });
    await line.record(granted, { kind: 'accepted', gatewayId: 'ID-1' });
    expect((await line.message(before)).state).toBe('delivered');
    ledger().clock.now = await line.freeAt();
    await line.send(after, 'ID-2');
    expect((await line.message(after)).state).toBe('sent');
    await line.echo('ID-2', { to: 'ben' });
    expect((await line.message(after)).state).toBe('delivered');
  });

  it('is unknown in the end when not even an echo came', async () => {
    const line = await openLine(ledger(), ECHOING);
    const message = await line.accept();
    await line.send(message);
    ledger().clock.advance(259_200_000);
    const life = await ledger().store.messages.lifecycle(line.scope, message.messageId);
    expect(life).toMatchObject({ state: 'unknown', tell: 'unknown' });
  });
});
