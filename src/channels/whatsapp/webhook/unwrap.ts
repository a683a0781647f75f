import { at, record, type JsonRecord } from '../json';

const VIEW_ONCE = ['viewOnceMessage', 'viewOnceMessageV2', 'viewOnceMessageV2Extension'];
const EDITED = 'editedMessage';
const WRAPPERS = [
  ...VIEW_ONCE,
  EDITED,
  'ephemeralMessage',
  'documentWithCaptionMessage',
  'deviceSentMessage',
  'lottieStickerMessage',
  'groupMentionedMessage',
  'botInvokeMessage',
  'associatedChildMessage',
  'pollCreationMessageV4',
];
/** Real messages nest three deep at most. */
const MAX_DEPTH = 8;

/** A message without its wrappers, and what they said of it. */
export interface Unwrapped {
  message: JsonRecord;
  viewOnce: boolean;
  edited: boolean;
}

/** Returns the content inside the wrappers that WhatsApp puts around it (disappearing, view once, sent by a device). */
export function unwrap(message: JsonRecord): Unwrapped {
  const unwrapped = { message, viewOnce: false, edited: false };
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const around = unwrapped.message;
    unwrapped.viewOnce ||= VIEW_ONCE.some((wrapper) => record(around[wrapper]) !== undefined);
    const wrapper = WRAPPERS.find((name) => innerOf(around, name) !== undefined);
    if (wrapper === undefined) break;
    unwrapped.edited ||= wrapper === EDITED;
    unwrapped.message = innerOf(around, wrapper) ?? around;
  }
  return unwrapped;
}

function innerOf(message: JsonRecord, wrapper: string): JsonRecord | undefined {
  return record(at(message, wrapper, 'message'));
}
