import type { SendContent } from './shapes';

/** What a message of each kind may say. */
interface Saying {
  text: string;
  /** Fields of a file's node: where its bytes lie and under which key. A host may take these out. */
  file: Record<string, unknown>;
}

type ContentOf = (saying: Saying) => SendContent;

/** The message that changes and answers are about, where a test names none. */
const EARLIER_ID = '3EB0000000EARLIER';
const EARLIER = { remoteJid: '60100000000@s.whatsapp.net', fromMe: true, id: EARLIER_ID };
const VCARD = 'BEGIN:VCARD\nVERSION:3.0\nFN:Ali Bakar\nTEL;type=CELL;waid=60111234567:+60 11-123 4567\nEND:VCARD';

const caption = ({ text, file }: Saying) => ({ ...(text !== '' && { caption: text }), ...file });
const picture: ContentOf = (saying) => ({ imageMessage: { mimetype: 'image/jpeg', ...caption(saying) } });

/** A sample of every kind of content in the Baileys form, by the name under which a customer may send it. */
const CONTENTS = {
  text: ({ text }) => ({ conversation: text }),
  preview: ({ text }) => ({ extendedTextMessage: { text, matchedText: text } }),
  image: picture,
  video: (saying) => ({ videoMessage: { mimetype: 'video/mp4', seconds: 12, ...caption(saying) } }),
  videoNote: ({ file }) => ({ ptvMessage: { mimetype: 'video/mp4', ...file } }),
  audio: ({ file }) => ({ audioMessage: { mimetype: 'audio/mpeg', ...file } }),
  voice: ({ file }) => ({ audioMessage: { mimetype: 'audio/ogg; codecs=opus', ptt: true, ...file } }),
  document: (saying) => ({
    documentWithCaptionMessage: {
      message: { documentMessage: { mimetype: 'application/pdf', fileName: 'bill.pdf', ...caption(saying) } },
    },
  }),
  sticker: ({ file }) => ({ stickerMessage: { mimetype: 'image/webp', ...file } }),
  location: ({ text }) => ({ locationMessage: { degreesLatitude: 3.1579, degreesLongitude: 101.7116, name: text } }),
  liveLocation: ({ text }) => ({
    liveLocationMessage: { degreesLatitude: 3.1579, degreesLongitude: 101.7116, caption: text, sequenceNumber: '1' },
  }),
  contact: () => ({ contactMessage: { displayName: 'Ali Bakar', vcard: VCARD } }),
  contacts: () => ({
    contactsArrayMessage: {
      displayName: '2 contacts',
      contacts: [
        { displayName: 'Ali Bakar', vcard: VCARD },
        { displayName: 'Siti', vcard: '' },
      ],
    },
  }),
  reaction: ({ text }) => ({ reactionMessage: { key: EARLIER, text } }),
  edit: ({ text }) => ({
    protocolMessage: { key: EARLIER, type: 'MESSAGE_EDIT', editedMessage: { conversation: text } },
  }),
  deletion: () => ({ protocolMessage: { key: EARLIER, type: 'REVOKE' } }),
  poll: ({ text }) => ({
    pollCreationMessageV3: { name: text, options: [{ optionName: 'Yes' }, { optionName: 'No' }] },
  }),
  vote: () => ({ pollUpdateMessage: { pollCreationMessageKey: EARLIER, vote: { encPayload: 'AA==', encIv: 'AA==' } } }),
  button: ({ text }) => ({ buttonsResponseMessage: { selectedButtonId: 'b1', selectedDisplayText: text } }),
  list: ({ text }) => ({ listResponseMessage: { title: text, singleSelectReply: { selectedRowId: 'r1' } } }),
  templateButton: ({ text }) => ({ templateButtonReplyMessage: { selectedId: 't1', selectedDisplayText: text } }),
  form: ({ text }) => ({ interactiveResponseMessage: { body: { text } } }),
  viewOnce: (saying) => ({ viewOnceMessageV2: { message: picture(saying) } }),
  ephemeral: ({ text }) => ({ ephemeralMessage: { message: { extendedTextMessage: { text } } } }),
  unknown: () => ({ hologramMessage: {} }),
} satisfies Record<string, ContentOf>;

export type ContentName = keyof typeof CONTENTS;

/** The kinds that a customer can send. */
export const CONTENT_NAMES = Object.keys(CONTENTS) as [ContentName, ...ContentName[]];

/** Returns a message of a kind: with this text where the kind has one, and with these fields of a file. */
export function sampleContent(name: ContentName, saying: Saying): SendContent {
  return CONTENTS[name](saying);
}

/** Returns a content as the answer to an earlier message; only what is an object can carry that. */
export function answering(content: SendContent, quotes: { id: string; text: string }): SendContent {
  const contextInfo = { stanzaId: quotes.id, quotedMessage: { conversation: quotes.text } };
  const [[kind, value] = ['conversation', '']] = Object.entries(content);
  if (typeof value === 'string') return { extendedTextMessage: { text: value, contextInfo } };
  return { ...content, [kind]: { ...(value as object), contextInfo } };
}
