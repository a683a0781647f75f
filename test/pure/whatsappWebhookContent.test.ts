import { describeContent } from '../../src/channels/whatsapp/webhook/content';

const say = (message: unknown) => describeContent({ message });
const HI = { conversation: 'hi' };

test.each([
  ['typed text', HI, 'hi'],
  ['text with a preview', { extendedTextMessage: { text: 'see https://x.example' } }, 'see https://x.example'],
  ['text beside key material', { conversation: 'hi', senderKeyDistributionMessage: {}, messageContextInfo: {} }, 'hi'],
  ['a button', { buttonsResponseMessage: { selectedDisplayText: 'Yes' } }, 'Yes'],
  ['a template button', { templateButtonReplyMessage: { selectedDisplayText: 'Yes' } }, 'Yes'],
  ['a list choice', { listResponseMessage: { title: 'Monday' } }, 'Monday'],
  ['an interactive answer', { interactiveResponseMessage: { body: { text: 'Done' } } }, 'Done'],
  ['an image', { imageMessage: { caption: 'look' } }, '[image] look'],
  ['an image without caption', { imageMessage: {} }, '[image]'],
  ['an image in a default-filled object', { conversation: '', imageMessage: { caption: '' } }, '[image]'],
  ['a video', { videoMessage: { caption: 'look' } }, '[video] look'],
  ['a video note', { ptvMessage: {} }, '[video]'],
  ['a voice note', { audioMessage: { ptt: true } }, '[voice message]'],
  ['a sound', { audioMessage: {} }, '[audio]'],
  ['a document', { documentMessage: { fileName: 'bill.pdf', caption: 'the bill' } }, '[document] bill.pdf the bill'],
  [
    'a document whose caption is its name',
    { documentMessage: { fileName: 'a.pdf', caption: 'a.pdf' } },
    '[document] a.pdf',
  ],
  ['a sticker', { stickerMessage: {} }, '[sticker]'],
  [
    'a place',
    { locationMessage: { name: 'KLCC', degreesLatitude: 3.15, degreesLongitude: 101.7 } },
    '[location] KLCC 3.15,101.7',
  ],
  ['a moving place', { liveLocationMessage: { degreesLatitude: 3, degreesLongitude: 101 } }, '[live location] 3,101'],
  [
    'a contact',
    { contactMessage: { displayName: 'Ali', vcard: 'BEGIN:VCARD\nTEL;waid=60111:+60 11-1\nEND:VCARD' } },
    '[contact] Ali +60 11-1',
  ],
  [
    'contacts',
    { contactsArrayMessage: { contacts: [{ displayName: 'Ali' }, { displayName: 'Siti' }] } },
    '[contacts] Ali Siti',
  ],
  ['a reaction', { reactionMessage: { text: '👍' } }, '[reaction] 👍'],
  ['a poll', { pollCreationMessageV3: { name: 'When?' } }, '[poll] When?'],
  ['an edit', { protocolMessage: { type: 14, editedMessage: { conversation: 'ho' } } }, '[edited] ho'],
  [
    'an edit in its wrapper',
    { editedMessage: { message: { protocolMessage: { editedMessage: { imageMessage: { caption: 'ho' } } } } } },
    '[edited] [image] ho',
  ],
  ['a kind from the future', { hologramMessage: {} }, expect.stringMatching(/^\[.*not supported.*\]$/)],
  ['nothing inside', {}, expect.stringMatching(/^\[.*could not be read.*\]$/)],
])('%s', (_what, message, text) => {
  expect(say(message)).toMatchObject({ v: 1, text });
});

test.each([
  ['imageMessage', 'image'],
  ['videoMessage', 'video'],
  ['audioMessage', 'audio'],
  ['documentMessage', 'document'],
])('a file says what it is and what stands under it: %s', (name, kind) => {
  expect(say({ [name]: { caption: 'hi' } })).toMatchObject({ media: { kind, caption: 'hi' } });
  expect(say({ [name]: {} })).toMatchObject({ media: { kind } });
  expect(say({ conversation: 'hi' })).not.toHaveProperty('media');
});

test.each([
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'deviceSentMessage',
])('%s is unwrapped', (wrapper) => {
  expect(say({ [wrapper]: { message: HI } })).toEqual({ v: 1, text: 'hi' });
});

test('wrappers in wrappers are unwrapped, but not without end', () => {
  const wrapped = (times: number): object =>
    Array.from({ length: times }).reduce<object>((inner) => ({ ephemeralMessage: { message: inner } }), HI);
  expect(say(wrapped(3))).toEqual({ v: 1, text: 'hi' });
  expect(say(wrapped(5000))).toEqual({ v: 1, text: expect.stringContaining('not supported') });
});

test.each([
  ['a deletion', { protocolMessage: { type: 0, key: { id: 'X' } } }, 'protocol message'],
  ['an edit without content', { protocolMessage: { editedMessage: {} } }, 'protocol message'],
  ['keys for a group', { senderKeyDistributionMessage: {}, messageContextInfo: {} }, 'key distribution'],
  ['a reaction taken back', { reactionMessage: { text: '' } }, 'reaction removed'],
  ['a vote', { pollUpdateMessage: {} }, 'poll vote'],
])('%s says nothing new', (_what, message, ignored) => {
  expect(say(message)).toEqual({ ignored });
});

test('a message that this device could not decrypt is not lost, a system notice is', () => {
  expect(describeContent({ messageStubType: 2 })).toEqual({ v: 1, text: expect.stringContaining('could not be read') });
  expect(describeContent({ message: null })).toEqual({ v: 1, text: expect.stringContaining('could not be read') });
  expect(describeContent({ messageStubType: 25 })).toEqual({ ignored: 'system notice' });
});

test('an answer names the message that it answers, whatever its kind', () => {
  const contextInfo = { stanzaId: 'Q1' };
  expect(say({ extendedTextMessage: { text: 'yes', contextInfo } })).toEqual({ v: 1, text: 'yes', replyTo: 'Q1' });
  expect(say({ imageMessage: { contextInfo } })).toMatchObject({ text: '[image]', replyTo: 'Q1' });
});
