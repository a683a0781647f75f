import type { FileFetched } from '../../src/store/messages/inboundFile';
import type { PostOutcome } from '../../src/store/messages/posted';
import type { InboundFileRow } from '../../src/store/mediaRows';
import { describeStores } from './describeStores';
import { fileOf, fresh, openLine, PICTURE, type Granted, type Line } from './line';

const HOLD = 60_000;
const KEPT: FileFetched = { kind: 'kept' };
const GONE: FileFetched = { kind: 'failed', reason: 'media_gone' };
const AWAY: FileFetched = { kind: 'later', reason: 'media_timeout', afterMs: 0 };
const LATER: PostOutcome = { kind: 'later', waitMs: 5_000, code: 'ghl_unavailable' };
const AMBIGUOUS: PostOutcome = { kind: 'ambiguous', waitMs: 10_000, code: 'ghl_ambiguous' };

describeStores('a message with a file', (ledger) => {
  type Message = { messageId: string };
  const posted = (granted: Granted): PostOutcome => ({
    kind: 'posted',
    ghlMessageId: fresh('ghl-message'),
    contactId: 'contact-1',
    conversationId: null,
    fileFollows: granted.file?.how === 'follows',
  });
  const record = ({ claim }: Granted, outcome: PostOutcome) => ledger().store.messages.recordPosted(claim, outcome);
  const post = async (line: Line, message: Message) => {
    const granted = await line.grant(message);
    return { granted, ...(await record(granted, posted(granted))) };
  };
  const fetched = (line: Line, { messageId }: Message, how: FileFetched) =>
    ledger().store.inboundFiles.record(line.scope, messageId, how);
  const wanted = (line: Line, { messageId }: Message) => ledger().store.inboundFiles.wanted(line.scope, messageId);
  const row = async ({ messageId }: Message) =>
    (await ledger().db.knex<InboundFileRow>('inbound_files').where({ message_id: messageId }).first())!;

  /** Two messages of one sender, the first with a picture, both claimed once. */
  async function openPair() {
    const line = await openLine(ledger());
    const [picture, after] = [await line.arrives({ file: PICTURE }), await line.arrives({ text: 'after' })];
    const first = await line.claim(picture);
    expect(await line.claim(after)).toMatchObject({ kind: 'wait', reason: 'behind' });
    return { line, picture, after, first };
  }

  it('is fetched from its arrival on, and holds its sender for a minute', async () => {
    const { line, picture, first } = await openPair();
    expect(first).toMatchObject({ kind: 'wait', reason: 'file_coming', ms: HOLD });
    expect(await wanted(line, picture)).toEqual(PICTURE);
  });

  it('is fetched also while it stands behind another one', async () => {
    const line = await openLine(ledger());
    const [before, picture] = [await line.arrives(), await line.arrives({ file: PICTURE })];
    expect(await line.claim(picture)).toMatchObject({ kind: 'wait', reason: 'file_coming' });
    await fetched(line, picture, KEPT);
    expect(await line.claim(picture)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await post(line, before);
    expect(await line.grant(picture)).toMatchObject({ file: { how: 'with' } });
  });

  it('is posted with its file once that is there, and what follows after it', async () => {
    const { line, picture, after } = await openPair();
    ledger().clock.advance(10_000);
    expect(await fetched(line, picture, KEPT)).toEqual([]);
    const { granted } = await post(line, picture);
    expect(granted).toMatchObject({ lookFirst: false, file: { how: 'with', behindWords: false, address: null } });
    expect(await line.message(picture)).toMatchObject({ state: 'delivered', open: 0 });
    expect((await post(line, after)).granted.file).toBeNull();
  });

  it('after a minute posts its words, lets everybody pass, and its file comes last', async () => {
    const { line, picture, after } = await openPair();
    ledger().clock.advance(HOLD - 1);
    expect(await line.claim(after)).toMatchObject({ kind: 'wait', reason: 'behind' });
    ledger().clock.advance(1);
    const words = await post(line, picture);
    expect(words.granted.file).toMatchObject({ how: 'follows', behindWords: false });
    expect(await line.message(picture)).toMatchObject({ state: 'waiting', open: 1, reason: 'file_coming' });
    expect(await line.claim(picture)).toMatchObject({ kind: 'wait', reason: 'file_coming' });
    await post(line, after);
    const { ghl_message_id: wordsId } = await line.message(picture);
    await fetched(line, picture, KEPT);
    const file = await post(line, picture);
    expect(file.granted).toMatchObject({ claim: { n: 2, m: 2 }, file: { how: 'with', behindWords: true } });
    expect(await line.message(picture)).toMatchObject({ state: 'delivered', open: 0, ghl_message_id: wordsId });
    expect((await row(picture)).ghl_message_id).not.toBe(wordsId);
  });

  it('that is late wakes who waits behind it, and is given back by the sweeper when its run is lost', async () => {
    const { line, picture, after } = await openPair();
    ledger().clock.advance(HOLD);
    await ledger()
      .db.knex('messages')
      .where({ id: after.messageId })
      .update({ next_wake_at: ledger().clock.now + 90_000 });
    const { wakes } = await post(line, picture);
    expect(wakes.map(({ messageId }) => messageId)).toEqual([after.messageId]);
    ledger().clock.advance(30_000);
    const overdue = await ledger().store.sweep.overdue();
    expect(overdue.map(({ messageId }) => messageId)).toContain(picture.messageId);
  });

  it('that never comes is posted with a note in its place, at once', async () => {
    const { line, picture } = await openPair();
    await fetched(line, picture, GONE);
    expect((await line.grant(picture)).file).toMatchObject({ how: 'note', reason: 'media_gone' });
    expect(await wanted(line, picture)).toBeNull();
  });

  it('that is away for a moment is fetched again, in longer and longer waits', async () => {
    const { line, picture } = await openPair();
    await fetched(line, picture, AWAY);
    expect(await line.claim(picture)).toMatchObject({ kind: 'wait', reason: 'file_retrying', ms: 5_000 });
    ledger().clock.advance(5_000);
    expect(await line.claim(picture)).toMatchObject({ kind: 'wait', reason: 'file_coming' });
    await fetched(line, picture, AWAY);
    expect(await line.claim(picture)).toMatchObject({ kind: 'wait', reason: 'file_retrying', ms: 10_000 });
    await fetched(line, picture, { ...AWAY, afterMs: 30_000 });
    expect(await line.claim(picture)).toMatchObject({ ms: 30_000 });
  });

  it('for which nobody had a hand free is asked for again soon, and that is no fault of it', async () => {
    const { line, picture } = await openPair();
    await fetched(line, picture, { kind: 'busy', afterMs: 5_000 });
    expect(await line.claim(picture)).toMatchObject({ kind: 'wait', reason: 'file_retrying', ms: 5_000 });
    expect(await row(picture)).toMatchObject({ state: 'wanted', tries: 0, give_up_at: null, reason: null });
    ledger().clock.advance(5_000);
    expect(await line.claim(picture)).toMatchObject({ kind: 'wait', reason: 'file_coming' });
  });

  it('that stays away for longer than the retry deadline has failed', async () => {
    const { line, picture } = await openPair();
    await fetched(line, picture, AWAY);
    ledger().clock.advance(899_999);
    await fetched(line, picture, AWAY);
    expect(await row(picture)).toMatchObject({ state: 'wanted' });
    ledger().clock.advance(1);
    await fetched(line, picture, AWAY);
    expect(await row(picture)).toMatchObject({ state: 'failed', reason: 'media_timeout' });
  });

  it('waits on for GHL, not for its file, when GHL has put it off', async () => {
    const { line, picture } = await openPair();
    ledger().clock.advance(HOLD);
    await record(await line.grant(picture), LATER);
    await fetched(line, picture, KEPT);
    expect(await line.claim(picture)).toMatchObject({ kind: 'wait', reason: 'retrying', ms: 5_000 });
    ledger().clock.advance(5_000);
    // Certainly not there: the file goes with it now.
    expect(await line.grant(picture)).toMatchObject({ lookFirst: false, file: { how: 'with' } });
  });

  it('whose words may stand in GHL is looked up, and repeated, as it was posted', async () => {
    const { line, picture, after } = await openPair();
    ledger().clock.advance(HOLD);
    await record(await line.grant(picture), AMBIGUOUS);
    await fetched(line, picture, KEPT);
    ledger().clock.advance(10_000);
    const again = await line.grant(picture);
    expect(again).toMatchObject({ lookFirst: true, file: { how: 'follows' } });
    await record(again, posted(again));
    expect(await line.claim(picture)).toMatchObject({ kind: 'wait', reason: 'behind' });
    await post(line, after);
    expect(await line.grant(picture)).toMatchObject({ lookFirst: false, claim: { n: 2 }, file: { how: 'with' } });
  });

  it('whose file may stand in GHL is looked up as that', async () => {
    const { line, picture, after } = await openPair();
    ledger().clock.advance(HOLD);
    await post(line, picture);
    await post(line, after);
    await fetched(line, picture, KEPT);
    await record(await line.grant(picture), AMBIGUOUS);
    ledger().clock.advance(10_000);
    const again = await line.grant(picture);
    expect(again).toMatchObject({ lookFirst: true, claim: { n: 2 }, file: { how: 'with', behindWords: true } });
  });

  it('is posted with a note when its kept file is lost', async () => {
    const { line, picture } = await openPair();
    await fetched(line, picture, KEPT);
    await record(await line.grant(picture), { ...LATER, waitMs: 0 });
    await ledger().store.inboundFiles.lose(line.scope, picture.messageId, 'media_gone');
    expect((await line.grant(picture)).file).toMatchObject({ how: 'note' });
  });

  it('is stored in GHL once: its address is known from then on', async () => {
    const { line, picture } = await openPair();
    await fetched(line, picture, KEPT);
    await ledger().store.inboundFiles.noteAddress(line.scope, picture.messageId, 'https://ghl.example/a.jpg');
    expect((await line.grant(picture)).file).toMatchObject({ address: 'https://ghl.example/a.jpg' });
    expect(JSON.stringify(await row(picture))).not.toContain('ghl.example');
  });

  it('is settled once: what comes behind that changes nothing', async () => {
    const { line, picture } = await openPair();
    await fetched(line, picture, KEPT);
    for (const late of [GONE, AWAY, KEPT]) expect(await fetched(line, picture, late)).toEqual([]);
    expect(await row(picture)).toMatchObject({ state: 'kept', reason: null });
    await post(line, picture);
    expect(await fetched(line, picture, GONE)).toEqual([]);
  });

  it('leaves nothing of its file when it is erased', async () => {
    const { line, picture } = await openPair();
    await fetched(line, picture, KEPT);
    await ledger().store.media.keep(line.scope, fileOf(picture.messageId));
    await post(line, picture);
    await ledger().store.erasure.erase(line.scope, {});
    expect(await row(picture)).toBeUndefined();
    expect(await ledger().store.media.find(line.scope, picture.messageId, 0)).toBeNull();
  });

  it('keeps a file that GHL shows by our address until that has run out', async () => {
    const { line, picture } = await openPair();
    const { media } = ledger().store;
    const { mediaId } = await media.keep(line.scope, fileOf(picture.messageId));
    await media.keepLonger(line.scope, mediaId, 100_000);
    await fetched(line, picture, KEPT);
    await post(line, picture);
    expect((await media.standings([mediaId])).get(mediaId)).toBe('offered');
    ledger().clock.advance(99_999);
    await media.expire(10_000);
    expect((await media.standings([mediaId])).get(mediaId)).toBe('offered');
    ledger().clock.advance(1);
    await media.expire(10_000);
    expect(await media.find(line.scope, picture.messageId, 0)).toBeNull();
  });
});

describeStores("a contact's last exchange", (ledger) => {
  it('is remembered with the provider of what was sent, and who is known stays who it is', async () => {
    const line = await openLine(ledger());
    const { contacts } = ledger().store;
    const known = async (messageId: string) =>
      contacts.find(line.scope, (await line.message({ messageId })).address_key!);
    const first = await line.accept({ to: 'anna', providerId: 'custom' });
    expect(await known(first.messageId)).toMatchObject({ contactId: 'contact-anna', providerId: 'custom' });
    await line.accept({ to: 'anna', contactId: 'another-contact', providerId: 'default' });
    expect(await known(first.messageId)).toMatchObject({ contactId: 'contact-anna', providerId: 'default' });
    await line.accept({ to: 'anna' });
    expect(await known(first.messageId)).toMatchObject({ providerId: 'default' });
  });
});
