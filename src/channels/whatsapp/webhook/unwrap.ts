import { at, record, type JsonRecord } from '../json';

const WRAPPERS = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'deviceSentMessage',
];
/** Real messages nest three deep at most. */
const MAX_DEPTH = 8;

/** Returns the content inside the wrappers that WhatsApp puts around it (disappearing, view once, sent by a device). */
export function unwrap(message: JsonRecord): JsonRecord {
  let content = message;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const inner = innerOf(content);
    if (inner === undefined) return content;
    content = inner;
  }
  return content;
}

function innerOf(message: JsonRecord): JsonRecord | undefined {
  for (const wrapper of WRAPPERS) {
    const inner = record(at(message, wrapper, 'message'));
    if (inner !== undefined) return inner;
  }
  return undefined;
}
