import { describeStores } from './describeStores';
import { addressOf, openLine, type Line } from './line';

/** The sender whose files and number have to be looked at first. */
const withFiles = (count: number) => ({
  text: 'Our prices',
  content: {
    v: 1 as const,
    text: 'Our prices',
    attachments: Array.from({ length: count }, (_, n) => ({ url: `https://files.example.com/${n}` })),
  },
  parts: Array.from({ length: count }, (_, n) => ({ kind: 'media' as const, attachment: n })),
});
const found = (...files: ('image' | 'audio' | 'link')[]) => ({
  files: files.map((kind, n) => (kind === 'link' ? { kind } : { kind, mediaId: `m${n}` })),
  number: null,
});

describeStores('before the first part of a message is claimed', (ledger) => {
  const open = (): Promise<Line> => openLine(ledger());
  const messages = () => ledger().store.messages;

  it('its files are looked at, once it is near its turn', async () => {
    const line = await open();
    const [first, message] = [await line.accept(), await line.accept({ to: 'ben', ...withFiles(2) })];
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await line.send(first);
    expect(await line.claim(message)).toMatchObject({ kind: 'prepare', check: null, fallback: 'fail' });
    await messages().recordPrepared(line.scope, message.messageId, found('image', 'image'));
    const granted = await line.grant(message);
    expect(granted.part).toEqual({ kind: 'media', attachment: 0, mediaId: 'm0', caption: 'Our prices' });
    expect(granted.claim).toMatchObject({ n: 1, m: 2 });
  });

  it('others go while its files are fetched, and its own contact waits', async () => {
    const line = await open();
    const [message, behind, other] = [
      await line.accept(withFiles(1)),
      await line.accept(),
      await line.accept({ to: 'ben' }),
    ];
    const claim = await line.claim(message);
    expect(claim).toMatchObject({ kind: 'prepare', wake: { messageId: other.messageId } });
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'preparing' });
    expect(await line.claim(behind)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await line.send(other);
  });

  it('is looked at again when nobody came back with what was found', async () => {
    const line = await open();
    const message = await line.accept(withFiles(1));
    await line.claim(message);
    ledger().clock.advance(75_000);
    expect(await line.claim(message)).toMatchObject({ kind: 'prepare' });
  });

  it('is planned anew by what its files are', async () => {
    const line = await open();
    const message = await line.accept({ ...withFiles(1), parts: [{ kind: 'media', attachment: 0, caption: [0, 10] }] });
    await line.claim(message);
    await messages().recordPrepared(line.scope, message.messageId, found('audio'));
    expect((await line.grant(message)).part).toEqual({ kind: 'text', text: 'Our prices' });
    expect((await line.part(message, 2)).state).toBe('unsent');
  });

  it('fails whole when a file can not be sent, and says which', async () => {
    const line = await open();
    const [message, next] = [await line.accept(withFiles(2)), await line.accept()];
    await line.claim(message);
    const why = { reason: 'media_too_large', text: 'File 2 of 2: It is too large.' };
    const wakes = await messages().failPreparation(line.scope, message.messageId, why);
    expect(await line.message(message)).toMatchObject({ state: 'failed', reason: why.reason, reason_text: why.text });
    expect(wakes.map((wake) => wake.messageId)).toEqual([next.messageId]);
    await line.grant(next);
  });

  it('is tried again while a file can not be had, and fails when that has lasted', async () => {
    const line = await open();
    const message = await line.accept(withFiles(1));
    const why = { reason: 'media_unreachable', text: 'The file could not be fetched.' };
    for (let tries = 0; (await line.message(message)).open === 1; tries++) {
      expect(tries).toBeLessThan(30);
      const claim = await line.claim(message);
      expect(claim.kind).toBe('prepare');
      await messages().deferPreparation(line.scope, message.messageId, why);
      ledger().clock.now = Math.max(ledger().clock.now, (await line.message(message)).not_before);
    }
    expect(await line.message(message)).toMatchObject({ state: 'failed', reason: why.reason });
  });

  it('changes nothing any more once a part was claimed', async () => {
    const line = await open();
    const message = await line.accept(withFiles(1));
    await line.claim(message);
    await messages().recordPrepared(line.scope, message.messageId, found('image'));
    await line.grant(message);
    const before = await line.message(message);
    await messages().recordPrepared(line.scope, message.messageId, found('audio'));
    await messages().failPreparation(line.scope, message.messageId, { reason: 'x', text: 'X.' });
    await messages().deferPreparation(line.scope, message.messageId, { reason: 'x', text: 'X.' });
    expect(await line.message(message)).toEqual(before);
    expect(await line.part(message)).toMatchObject({ state: 'sending', m: 1 });
  });

  it('is not found for another location', async () => {
    const [line, other] = [await open(), await open()];
    const message = await line.accept(withFiles(1));
    const changes = [
      () => messages().recordPrepared(other.scope, message.messageId, found('image')),
      () => messages().failPreparation(other.scope, message.messageId, { reason: 'x', text: 'X.' }),
      () => messages().postponePreparation(other.scope, message.messageId, 1),
      () => messages().deferPreparation(other.scope, message.messageId, { reason: 'x', text: 'X.' }),
    ];
    for (const change of changes) await expect(change()).rejects.toMatchObject({ code: 'not_found' });
  });
});

describeStores('the number of a first message', (ledger) => {
  const open = (): Promise<Line> => openLine(ledger(), { gateway: 'checking' });
  const record = (line: Line, message: { messageId: string }, number: object | null) =>
    ledger().store.messages.recordPrepared(line.scope, message.messageId, { files: [], number: number as never });

  it('is asked for once, and then known', async () => {
    const line = await open();
    const message = await line.accept({ prepare: true });
    expect(await line.claim(message)).toMatchObject({ kind: 'prepare', check: addressOf('anna') });
    await record(line, message, { kind: 'known', exists: true });
    await line.send(message);
    await line.grant(await line.accept({ prepare: true }));
  });

  it('holds nothing up when there is no answer', async () => {
    const line = await open();
    const message = await line.accept({ prepare: true });
    await line.claim(message);
    await record(line, message, { kind: 'unknown' });
    await line.send(message);
    expect(await line.claim(await line.accept({ prepare: true }))).toMatchObject({ kind: 'prepare' });
  });

  it('ends the message at once when it is not there, and the next one too, for an hour', async () => {
    const line = await open();
    const [message, next] = [await line.accept({ prepare: true }), await line.accept({ prepare: true })];
    await line.claim(message);
    await record(line, message, { kind: 'known', exists: false });
    expect(await line.message(message)).toMatchObject({ state: 'failed', reason: 'not_on_whatsapp' });
    expect(await line.claim(next)).toMatchObject({ kind: 'done', state: 'failed' });
    ledger().clock.advance(3_600_000);
    expect(await line.claim(await line.accept({ prepare: true }))).toMatchObject({ kind: 'prepare' });
  });

  it('is replaced by the one under which the account is known, also for what comes from there', async () => {
    const line = await open();
    const message = await line.accept({ prepare: true });
    await line.claim(message);
    await record(line, message, { kind: 'known', exists: true, number: addressOf('anna-old') });
    const granted = await line.grant(message);
    expect(granted.to).toEqual(addressOf('anna-old'));
    await line.record(granted, { kind: 'ambiguous', cause: 'timeout' });
    await line.echo('ECHO', { to: 'anna-old' });
    expect((await line.message(message)).state).toBe('sent');
    const { address_key: key } = await line.message(message);
    const contact = await ledger().store.contacts.find(line.scope, key!);
    expect(contact).toMatchObject({ contactId: 'contact-anna' });
    ledger().clock.now = await line.freeAt();
    expect((await line.grant(await line.accept({ prepare: true }))).to).toEqual(addressOf('anna-old'));
  });

  it('is not asked for a group, nor of a gateway that does not know', async () => {
    const line = await open();
    const group = { channel: 'whatsapp', value: '120363021@g.us' } as const;
    await line.send(await line.accept({ prepare: true, address: group }));
    const silent = await openLine(ledger());
    expect(await silent.claim(await silent.accept({ prepare: true }))).toMatchObject({ kind: 'granted' });
  });
});
