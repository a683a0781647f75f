import { describeContent } from '../../src/channels/whatsapp/webhook/content';
import { KINDS } from '../../src/channels/whatsapp/webhook/kinds/table';
import { echoOfContent } from '../../src/domain/content';
import { inboundCorpus } from '../support/inboundCorpus';

const say = (message: unknown) => describeContent({ message });
const HI = { conversation: 'hi' };
const UNSUPPORTED = '[a kind of message that is not supported: open WhatsApp on the phone]';

describe('the table of kinds', () => {
  const fields = KINDS.map(({ field }) => field);
  const bodies = inboundCorpus().map(({ raw }) => raw.toString());

  test('names a field twice only where it is left out when it says nothing', () => {
    expect(fields.filter((field, index) => fields.indexOf(field) !== index)).toEqual(['protocolMessage']);
  });

  test.each([...new Set(fields)])('%s stands in the corpus', (field) => {
    expect(bodies.filter((body) => body.includes(`"${field}"`))).not.toEqual([]);
  });
});

test.each([
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'deviceSentMessage',
  'lottieStickerMessage',
  'groupMentionedMessage',
  'botInvokeMessage',
  'associatedChildMessage',
])('%s is unwrapped', (wrapper) => {
  expect(say({ [wrapper]: { message: HI } })).toEqual({ content: { v: 1, text: 'hi' } });
});

test('wrappers in wrappers are unwrapped, but not without end', () => {
  const wrapped = (times: number): object =>
    Array.from({ length: times }).reduce<object>((inner) => ({ ephemeralMessage: { message: inner } }), HI);
  expect(say(wrapped(3))).toEqual({ content: { v: 1, text: 'hi' } });
  expect(say(wrapped(5000))).toEqual({ content: { v: 1, text: UNSUPPORTED } });
});

test('edits in edits are read, but not without end', () => {
  const edited = (times: number): object =>
    Array.from({ length: times }).reduce<object>((inner) => ({ protocolMessage: { editedMessage: inner } }), HI);
  expect(say(edited(1))).toMatchObject({ content: { text: '[edited] hi' } });
  expect(say(edited(5000))).toEqual({ ignored: 'protocol message' });
});

test('what is quoted is not quoted with what it quotes itself', () => {
  const contextInfo = { stanzaId: 'Q1', quotedMessage: { conversation: 'first' } };
  const quotedMessage = { extendedTextMessage: { text: 'second', contextInfo } };
  const answer = { extendedTextMessage: { text: 'third', contextInfo: { stanzaId: 'Q2', quotedMessage } } };
  expect(say(answer)).toEqual({ content: { v: 1, text: '> second\nthird', replyTo: 'Q2' } });
});

test('an id of a quoted message that can not be used is none', () => {
  const contextInfo = { stanzaId: 'a b', quotedMessage: { conversation: 'first' } };
  expect(say({ extendedTextMessage: { text: 'hi', contextInfo } })).toEqual({ content: { v: 1, text: 'hi' } });
});

test.each([
  ['imageMessage', 'media:image'],
  ['videoMessage', 'media:played'],
  ['audioMessage', 'media:played'],
  ['documentMessage', 'media:document'],
])('the echo of a file that we sent is known by its kind and caption: %s', (name, kind) => {
  const described = say({ [name]: { caption: 'hi', fileName: 'hi' } });
  expect('content' in described && echoOfContent(described.content)).toEqual({ kind, text: 'hi' });
});
