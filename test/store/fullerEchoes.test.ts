import type { Content } from '../../src/domain/content';
import { openContent } from '../../src/store/messages/codec';
import { testCipher } from '../support/storeAt';
import { describeStores } from './describeStores';
import { addressOf, fresh, openLine, OUTCOMES, PICTURE, type Line } from './line';

const UNREADABLE: Content = { v: 1, text: '[could not be read]' };
const WORDS: Content = { v: 1, text: 'Typed' };
const BARE: Content = { v: 1, text: '[picture: open WhatsApp on the phone]', media: { kind: 'image' } };
const WITH_FILE: Content = { v: 1, text: 'look', media: { kind: 'image', caption: 'look' }, file: PICTURE };

describeStores('an echo that comes once more and says more', (ledger) => {
  /** The connection posts what it has sent; a stand-in is shown under an id of its own. */
  async function posts(line: Line, gatewayId: string, content: Content) {
    const { messages } = ledger().store;
    const standIn = content === UNREADABLE ? `${gatewayId}-waiting` : undefined;
    const echo = { connectionId: line.connectionId, gatewayId, to: addressOf('anna'), content, standIn };
    await messages.recordEcho(line.scope, { ...echo, at: ledger().clock.now, mayBeOwn: true });
    return (await messages.takeOwn(line.scope, line.connectionId, gatewayId)).accepted;
  }
  const messagesOf = (line: Line) =>
    ledger().db.knex('messages').where({ location_id: line.scope.locationId, own: 1 }).orderBy('seq');
  const crypto = { ...testCipher(), index: (text: string) => text };
  const said = (row: { id: string; content_sealed: string }) => openContent(crypto, row.id, row.content_sealed);

  it('shows the words themselves after the stand-in for them, each under its own id, once', async () => {
    const line = await openLine(ledger());
    const id = fresh('PHONE');
    for (const content of [UNREADABLE, UNREADABLE, WORDS, UNREADABLE, WORDS]) await posts(line, id, content);
    const rows = await messagesOf(line);
    const key = `${line.connectionId}:${id}`;
    expect(rows.map((row) => row.source_key)).toEqual([`${key}-waiting`, key]);
    expect(rows.map((row) => said(row).text)).toEqual([UNREADABLE.text, WORDS.text]);
  });

  it('shows no stand-in for words that came first', async () => {
    const line = await openLine(ledger());
    const id = fresh('PHONE');
    for (const content of [WORDS, UNREADABLE]) await posts(line, id, content);
    expect(await messagesOf(line)).toHaveLength(1);
  });

  it('is still the proof of a send, by its words, though a stand-in was shown for it', async () => {
    const line = await openLine(ledger());
    const message = await line.accept({ text: 'Typed' });
    const granted = await line.grant(message);
    await line.record(granted, OUTCOMES.timeout);
    const id = fresh('PHONE');
    expect(await posts(line, id, UNREADABLE)).toBeNull();
    ledger().clock.advance(28_000 + 60_000);
    const { messages } = ledger().store;
    expect((await messages.takeOwn(line.scope, line.connectionId, id)).accepted).not.toBeNull();
    expect(await posts(line, id, WORDS)).toBeNull();
    expect(await line.part(message)).toMatchObject({ state: 'sent', gateway_id: id });
    expect(await messagesOf(line)).toHaveLength(1);
  });

  it('proves the send that has its id by a stand-in as well, and nothing is shown', async () => {
    const line = await openLine(ledger());
    const id = await line.send(await line.accept());
    for (const content of [UNREADABLE, WORDS]) expect(await posts(line, id, content)).toBeNull();
    expect(await messagesOf(line)).toHaveLength(0);
  });

  it('brings the file that the first post left out', async () => {
    const line = await openLine(ledger());
    const id = fresh('PHONE');
    for (const content of [BARE, WITH_FILE, BARE]) await posts(line, id, content);
    const rows = await messagesOf(line);
    expect(rows.map((row) => [row.files, said(row).file, said(row).text])).toEqual([[1, PICTURE, 'look']]);
  });

  it('brings it also while it is told from a send that is in doubt', async () => {
    const line = await openLine(ledger());
    await line.record(await line.grant(await line.accept()), OUTCOMES.busy);
    const id = fresh('PHONE');
    for (const content of [BARE, WITH_FILE]) expect(await posts(line, id, content)).toBeNull();
    ledger().clock.advance(28_000 + 60_000);
    await ledger().store.messages.takeOwn(line.scope, line.connectionId, id);
    expect((await messagesOf(line)).map((row) => said(row).file)).toEqual([PICTURE]);
  });
});
