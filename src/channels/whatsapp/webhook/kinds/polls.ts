import { at, list, record, text, type JsonRecord } from '../../json';
import { gatewayIdOf } from '../gatewayId';
import { kind, onThePhone, type ContentKind, type Said } from './kind';

/**
 * Polls: the question and its options. What is voted is encrypted for the phone; that there was a vote is told, for it
 * is an answer to a question, and in GHL nobody else would hear of it.
 */
export const POLLS: readonly ContentKind[] = [
  ...['', 'V2', 'V3', 'V4', 'V5'].map((version) => kind(`pollCreationMessage${version}`, poll)),
  kind('pollUpdateMessage', (node) => ({
    words: onThePhone('voted in a poll'),
    about: gatewayIdOf(record(node.pollCreationMessageKey)),
  })),
];

function poll(node: JsonRecord): Said {
  const question = text(node.name);
  const options = list(node.options).flatMap((option) => text(at(option, 'optionName')) ?? []);
  const brief = question === undefined ? '[poll]' : `[poll] ${question}`;
  if (question === undefined && options.length === 0) return { words: onThePhone('poll'), brief };
  return { words: [brief, ...options.map((option) => `- ${option}`)].join('\n'), brief };
}
