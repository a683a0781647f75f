import { reactionWords } from '../../../../domain/quotation';
import { record, text } from '../../json';
import { gatewayIdOf } from '../gatewayId';
import { kind, type ContentKind } from './kind';

/** A reaction names its message by id alone; one without an emoji takes an earlier one back. */
export const REACTION: ContentKind = kind('reactionMessage', (node) => {
  const emoji = text(node.text);
  if (emoji === undefined) return record(node.key) === undefined ? undefined : { ignored: 'reaction removed' };
  return { words: reactionWords(emoji), reaction: emoji, about: gatewayIdOf(record(node.key)) };
});
