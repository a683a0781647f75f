import { HOLD_WORDS } from '../../domain/connectionState';
import { reasonWords } from '../../domain/reasons';
import type { MessageRow } from '../../store/rows';

/** What the sentence depends on. Times are epoch milliseconds. */
export type NextFacts = Pick<
  MessageRow,
  'direction' | 'state' | 'reason' | 'reason_text' | 'next_wake_at' | 'receipt_deadline' | 'tell_due_at'
>;

/** Returns what happens to a message next and when, in sentences for a person. Pure. */
export function nextSentence(facts: NextFacts): string {
  const tell = facts.tell_due_at === null ? '' : ` GHL is told at ${iso(facts.tell_due_at)}.`;
  return `${sentence(facts)}${tell}`;
}

function sentence(facts: NextFacts): string {
  switch (facts.state) {
    case 'accepted':
    case 'waiting':
      return `${why(facts, 'It waits for its turn.')}${nextLook(facts)}`;
    case 'sending':
      return `${why(facts, 'It is being sent.')}${nextLook(facts)}`;
    case 'sent':
      return `${facts.reason === null ? 'It was sent.' : why(facts, '')}${receiptWait(facts)}`;
    case 'delivered':
      return facts.direction === 'inbound'
        ? 'It stands in GHL; nothing more happens.'
        : 'It was delivered; nothing more happens but a read receipt, if one comes.';
    case 'read':
      return 'It was read; nothing more happens.';
    case 'unknown':
      return `${why(facts, 'It may or may not have arrived.')} A late receipt still corrects this.`;
    case 'failed':
    case 'cancelled':
      return `${why(facts, 'It was not sent.')} Nothing more happens by itself.`;
  }
}

/** Reasons of the ledger have words of their own; a held number's are those of its state. */
function why({ reason, reason_text: text }: NextFacts, otherwise: string): string {
  if (reason === null) return otherwise;
  const held = Object.entries(HOLD_WORDS).find(([state]) => state === reason)?.[1];
  return reasonWords(reason, text ?? (held === undefined ? otherwise : `It is held: ${held.why}; ${held.next}.`));
}

function nextLook({ next_wake_at: at }: NextFacts): string {
  return at === null ? '' : ` It is looked at again at ${iso(at)}, earlier when something changes.`;
}

function receiptWait({ receipt_deadline: until }: NextFacts): string {
  return until === null
    ? ''
    : ` A delivery receipt is awaited until ${iso(until)}; without one it is shown as unknown.`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
