/** The life of a message, in the words of the contract, and what GHL is told of it. Pure. */

export const MESSAGE_STATUSES = [
  'accepted',
  'waiting',
  'sending',
  'sent',
  'delivered',
  'read',
  'failed',
  'unknown',
  'cancelled',
] as const;

export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/**
 * unsent: may be claimed. sending: claimed, under a lease. ambiguous: may have left; waits for its echo.
 * The rest are ends, of which unknown, sent and delivered may still be advanced by an echo or receipt.
 */
export type PartState =
  'unsent' | 'sending' | 'ambiguous' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown' | 'cancelled';

/** A message still holds its contact's later ones while it is open. */
export function isOpen(status: MessageStatus): boolean {
  return status === 'accepted' || status === 'waiting' || status === 'sending';
}

const RANK: Record<MessageStatus, number> = {
  accepted: 0,
  waiting: 1,
  sending: 2,
  unknown: 3,
  sent: 4,
  delivered: 5,
  read: 6,
  failed: 7,
  cancelled: 7,
};

/**
 * Returns whether a message may go from one status to another by an echo or receipt: only ever forward, and never out
 * of failed or cancelled. (Waiting and sending alternate by the ledger's own claim, not through here.)
 */
export function mayAdvance(from: MessageStatus, to: MessageStatus): boolean {
  return from !== 'failed' && from !== 'cancelled' && RANK[to] > RANK[from];
}

/** How bad a part's state is for the whole message: the message shows its worst part. */
const PART_ORDER: PartState[] = [
  'failed',
  'cancelled',
  'ambiguous',
  'sending',
  'unsent',
  'unknown',
  'sent',
  'delivered',
  'read',
];

/**
 * Returns the status of a message from its parts: the worst of them; while some are unsent or in flight it is
 * sending (once anything was claimed) or the given waiting word.
 */
export function statusOfParts(parts: PartState[], waiting: 'accepted' | 'waiting'): MessageStatus {
  const worst = PART_ORDER.find((state) => parts.includes(state));
  if (worst === undefined) return 'failed';
  if (worst === 'ambiguous' || worst === 'sending') return 'sending';
  if (worst === 'unsent') return waiting;
  return worst;
}

/**
 * What GHL was last told of a message. `unknown` is told as failed, with words that say it may have arrived. `outdated`:
 * what GHL shows is the end of an earlier attempt.
 */
export type Told = 'nothing' | 'outdated' | 'pending' | 'unknown' | 'delivered' | 'read' | 'failed';

/** What GHL can be told next. */
export type ToldNext = Exclude<Told, 'nothing' | 'outdated'>;

const TOLD_RANK: Record<Told, number> = {
  nothing: 0,
  outdated: 0,
  pending: 1,
  unknown: 2,
  delivered: 3,
  read: 4,
  failed: 5,
};

/**
 * Returns what GHL is to be told next, or null when it knows enough. Only advances: pending < failed (unknown) <
 * delivered < read; failed (final) ends it. GHL has no "sent": it shows an accepted message as pending by itself. A new
 * attempt begins at pending, however far it is by now.
 */
export function nextTold(status: MessageStatus, told: Told): ToldNext | null {
  if (told === 'outdated') return 'pending';
  const wanted = wantedTold(status);
  if (wanted === null || told === 'failed') return null;
  return TOLD_RANK[wanted] > TOLD_RANK[told] ? wanted : null;
}

/** Returns the further of two things that GHL was told: a slow teller that comes behind takes nothing back. */
export function furtherTold(one: Told, other: Told): Told {
  return TOLD_RANK[other] > TOLD_RANK[one] ? other : one;
}

function wantedTold(status: MessageStatus): ToldNext | null {
  switch (status) {
    case 'delivered':
    case 'read':
    case 'unknown':
    case 'failed':
      return status;
    case 'cancelled':
      return 'failed';
    default:
      return null;
  }
}

/** Returns the word of GHL's status API (`delivered | failed | pending | read`) for what we tell. */
export function ghlStatusWord(told: ToldNext): 'pending' | 'failed' | 'delivered' | 'read' {
  return told === 'unknown' ? 'failed' : told;
}
