import { at, text, type JsonRecord } from '../json';

/** Where a person's own words stand, typed or chosen from buttons and lists. */
const TEXT_PATHS = [
  ['conversation'],
  ['extendedTextMessage', 'text'],
  ['buttonsResponseMessage', 'selectedDisplayText'],
  ['templateButtonReplyMessage', 'selectedDisplayText'],
  ['listResponseMessage', 'title'],
  ['listResponseMessage', 'singleSelectReply', 'selectedRowId'],
  ['interactiveResponseMessage', 'body', 'text'],
];

/** Returns the text of an unwrapped message, undefined when it is of another kind. */
export function plainText(message: JsonRecord): string | undefined {
  for (const path of TEXT_PATHS) {
    const words = text(at(message, ...path));
    if (words !== undefined) return words;
  }
  return undefined;
}
