import { describeStores } from './describeStores';
import { fresh, openLine, PICTURE, type Line } from './line';
import type { PostOutcome } from '../../src/store/messages/posted';

const KEPT = { kind: 'kept' as const };
const LATER: PostOutcome = { kind: 'later', waitMs: 0, code: 'ghl_unavailable' };
const AMBIGUOUS: PostOutcome = { kind: 'ambiguous', waitMs: 0, code: 'ghl_ambiguous' };

describeStores('a message whose first post lacks its file', (ledger) => {
  const WORDS = '[picture: open WhatsApp on the phone]';
  /** The two dialects of one message, the bare one first; `between` happens before the second one comes. */
  async function bothDialects(between: (line: Line, message: { messageId: string }) => Promise<unknown>) {
    const line = await openLine(ledger());
    const gatewayId = fresh('IN');
    const message = await line.arrives({ gatewayId, text: WORDS });
    await between(line, message);
    const second = await line.arrives({ gatewayId, text: 'look', file: PICTURE });
    expect(second).toMatchObject({ duplicate: true, messageId: message.messageId });
    return { line, message };
  }
  const record = async (line: Line, message: { messageId: string }, outcome: PostOutcome) =>
    ledger().store.messages.recordPosted((await line.grant(message)).claim, outcome);

  it('gets it from the second one, and is posted with it in the fuller words', async () => {
    const { line, message } = await bothDialects(() => Promise.resolve());
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'file_coming' });
    expect(await ledger().store.inboundFiles.wanted(line.scope, message.messageId)).toEqual(PICTURE);
    await ledger().store.inboundFiles.record(line.scope, message.messageId, KEPT);
    const granted = await line.grant(message);
    expect(granted).toMatchObject({ file: { how: 'with' }, part: { text: 'look' }, content: { text: 'look' } });
  });

  it('gets it also after a post that certainly did not arrive', async () => {
    const { line, message } = await bothDialects((line, message) => record(line, message, LATER));
    expect(await line.claim(message)).toMatchObject({ reason: 'file_coming' });
  });

  it('gets it once', async () => {
    const { line, message } = await bothDialects(() => Promise.resolve());
    const { source_key } = await line.message(message);
    const gatewayId = source_key.slice(line.connectionId.length + 1);
    await line.arrives({ gatewayId, text: 'other', file: { ...PICTURE, url: 'https://mmg.whatsapp.net/other.enc' } });
    expect(await ledger().store.inboundFiles.wanted(line.scope, message.messageId)).toEqual(PICTURE);
  });

  it.each([
    ['is being posted', (line: Line, message: { messageId: string }) => line.grant(message)],
    ['may stand in GHL', (line: Line, message: { messageId: string }) => record(line, message, AMBIGUOUS)],
    [
      'stands there',
      (line: Line, message: { messageId: string }) =>
        record(line, message, {
          ...{ kind: 'posted', ghlMessageId: fresh('ghl'), contactId: 'contact-1', conversationId: null },
        }),
    ],
  ])('is left as it is when it %s', async (_what, between) => {
    const { line, message } = await bothDialects(between);
    expect(await line.message(message)).toMatchObject({ files: 0 });
    expect(await ledger().store.inboundFiles.wanted(line.scope, message.messageId)).toBeNull();
  });
});
