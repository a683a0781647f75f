import { isGroup, type Address } from './address';
import type { Content } from './content';
import { splitAnswer } from './quotation';

/** What a contact says with one word: no more messages, or messages again. */
export type OptWord = 'stop' | 'start';

/** The words of a location, as people write them; case, accents and punctuation do not matter. */
export type OptOutWords = Record<OptWord, readonly string[]>;

/** What a contact's last word makes of it: opted out (`out`), or wants messages (`in`). */
export type OptState = 'out' | 'in';

/** A whole sentence is no such word, whatever stands in it. */
const LONGEST_WORD = 64;

/**
 * Returns what a text says that is one of the words and nothing else: `please stop by at 5` is no opt-out. In a list
 * of both the stop counts.
 */
export function optOutOf(text: string, words: OptOutWords): OptWord | null {
  if (text.length > LONGEST_WORD) return null;
  const said = folded(text);
  if (said === '') return null;
  const isOf = (list: readonly string[]): boolean => list.some((word) => folded(word) === said);
  if (isOf(words.stop)) return 'stop';
  return isOf(words.start) ? 'start' : null;
}

/** Accents of Latin letters, and the vowel signs and the lengthening stroke of Arabic ones. */
const MARKS = /[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g;
/** Signs without a width, as phones and copied texts bring them along. */
const UNSEEN = /\p{Cf}/gu;
/** Whatever is neither letter, its mark, nor digit: punctuation, emoji, white space. */
const BETWEEN = /[^\p{L}\p{M}\p{N}]+/gu;
/** Turkish writes it in small what it writes as I in capitals. */
const DOTLESS = /ı/g;
/** Asks for an emoji as a picture; a mark by its class. */
const PICTURE = /\ufe0f/g;

/** Returns a text as it is compared; empty: there is no letter or digit in it. */
export function folded(text: string): string {
  const plain = text.replace(UNSEEN, '').replace(PICTURE, '').normalize('NFKD').replace(MARKS, '');
  const small = plain.toLowerCase().replace(MARKS, '').replace(DOTLESS, 'i');
  return small.replace(BETWEEN, ' ').trim().normalize('NFC');
}

/**
 * Returns the text that may be such a word, without what it answers; null: what somebody wrote in a group, or a file,
 * is none, whatever words stand under it.
 */
export function wordOfContent(from: Address, content: Content): string | null {
  if (isGroup(from) || content.media !== undefined || content.file !== undefined) return null;
  return splitAnswer(content).words ?? null;
}

/** Returns what somebody is who has said a word. */
export function stateOf(word: OptWord): OptState {
  return word === 'stop' ? 'out' : 'in';
}

/** What is known of a contact's last word. */
export interface LastWord {
  state: OptState;
  /** When it was written, epoch milliseconds of the channel. */
  saidAt: number;
}

/**
 * Returns what a contact is after a word that was written at `at` (epoch ms), or null when it changes nothing: an older
 * one that comes late, the same once more, a `start` of somebody who never left.
 */
export function stateAfterWord(known: LastWord | null, word: OptWord, at: number): OptState | null {
  if (known !== null && at < known.saidAt) return null;
  const state = stateOf(word);
  return state === (known?.state ?? 'in') ? null : state;
}
