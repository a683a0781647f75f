import { BULK_RANK } from '../laneRules';
import { openingFor, type Openings } from './openings';

/** One waiting or unfinished message of a lane, as far as the order is concerned. */
export interface LaneRow {
  messageId: string;
  /** Order of acceptance in the lane; a contact's messages go strictly by it. */
  seq: number;
  /** Smaller goes first among different contacts; see laneRules.ts for where replies end. */
  rank: number;
  /** It opens a conversation. */
  fresh: boolean;
  /** Whom it goes to: messages to one party never overtake each other. */
  party: string;
  /** Unfinished: still holds its party's later ones. */
  open: boolean;
  /** Unfinished and with a part that nobody has claimed. */
  claimable: boolean;
  /** Back-off: it may not go before. */
  notBefore: number;
  /** When the same text was written to its contact; null: it was not. */
  repeatAt: number | null;
}

/** What the head of a lane depends on, besides its rows. */
export interface LaneLimits {
  now: number;
  openings: Openings;
  /** How long the same bulk text to the same contact waits. */
  duplicateTextMs: number;
}

/** Who goes next in a lane, and from when on as far as back-off and limits go; the gap and a lease are not in it. */
export interface Next {
  row: LaneRow;
  at: number;
}

/** Returns the end of a message's own wait: its back-off, and for bulk the time since the same text. */
export function dueOf(
  { rank, notBefore, repeatAt }: Pick<LaneRow, 'rank' | 'notBefore' | 'repeatAt'>,
  duplicateTextMs: number,
): number {
  if (rank < BULK_RANK || repeatAt === null || duplicateTextMs === 0) return notBefore;
  return Math.max(notBefore, repeatAt + duplicateTextMs);
}

/**
 * Returns who goes next: among the first unfinished of each party, that can be claimed, the one that may go first; of
 * those that may go at the same time (all that may go now) the first by (rank, seq). Null when nobody waits.
 */
export function nextOf(rows: readonly LaneRow[], limits: LaneLimits): Next | null {
  const { now, openings, duplicateTextMs } = limits;
  const waiting = rows
    .filter((row) => row.open && row.claimable && !isBehindItsParty(row, rows))
    .map((row) => ({ row, at: Math.max(now, openingFor(openings, row).at, dueOf(row, duplicateTextMs)) }));
  waiting.sort((a, b) => a.at - b.at || a.row.rank - b.row.rank || a.row.seq - b.row.seq);
  return waiting[0] ?? null;
}

/** Returns the head: who may go now. Null when nobody may. */
export function headOf(rows: readonly LaneRow[], limits: LaneLimits): LaneRow | null {
  const next = nextOf(rows, limits);
  return next === null || next.at > limits.now ? null : next.row;
}

function isBehindItsParty(row: LaneRow, rows: readonly LaneRow[]): boolean {
  return rows.some((other) => other.open && other.party === row.party && other.seq < row.seq);
}
