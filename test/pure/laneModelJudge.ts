import type { LaneRules, PaceKind } from '../../src/domain/laneRules';
import type { Row } from './laneModelWorld';

/** Something that was written, or may have been. */
export interface Write {
  at: number;
  party: string;
  text: string;
  as: 'reply' | 'bulk';
  /** It opened a conversation. */
  opens: boolean;
}

export interface Moment {
  now: number;
  rules: LaneRules;
  kind: PaceKind;
  connectedAt: number;
  returnedAt: number | null;
  /** Another part is being written under a live lease. */
  inHand: boolean;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A run that sits looks every half second, and a planned wake-up may be a second late. */
const LATE_MS = 1_600;

/** Says what must not happen, by counting what did; of the lane's own reasoning nothing is used. */
export class Judge {
  private lastWrite = -Infinity;

  wrote(at: number): void {
    this.lastWrite = Math.max(this.lastWrite, at);
  }

  granted(row: Row, rows: readonly Row[], writes: readonly Write[], moment: Moment): void {
    const { now, inHand } = moment;
    if (inHand) throw new Error('two parts at once on one number');
    if (!row.open || !row.claimable) throw new Error('given out twice');
    if (row.notBefore > now) throw new Error('its back-off was not kept');
    if (earlierOf(row, rows).length > 0) throw new Error('an earlier message to the contact was overtaken');
    this.gap(moment);
    const holds = heldBy(row, writes, moment);
    if (holds !== null) throw new Error(`${holds} was passed`);
    if (row.rank >= 2) this.noReplyWaits(row, rows, writes, moment);
  }

  /** Between two moments at which somebody acts nothing may wait that might have gone. */
  idle(mayGoAt: number, nextAct: number): void {
    if (nextAct > mayGoAt + LATE_MS && nextAct > mayGoAt)
      throw new Error(`the lane was idle for ${nextAct - mayGoAt} ms`);
  }

  private gap({ now, rules, kind, returnedAt }: Moment): void {
    const least = rules.pace[kind].minMs;
    if (now - this.lastWrite < least) throw new Error('the gap was not kept');
    const rampEnds = (returnedAt ?? -Infinity) + 60_000;
    if (now < Math.min(this.lastWrite + 2 * least, rampEnds)) throw new Error('the ramp was not kept');
  }

  private noReplyWaits(bulk: Row, rows: readonly Row[], writes: readonly Write[], moment: Moment): void {
    const reply = rows.find(
      (row) =>
        row.open &&
        row.claimable &&
        row.rank < bulk.rank &&
        row.notBefore <= moment.now &&
        earlierOf(row, rows).length === 0 &&
        heldBy(row, writes, moment) === null,
    );
    if (reply !== undefined) throw new Error('a reply waited behind bulk');
  }
}

function earlierOf(row: Row, rows: readonly Row[]): Row[] {
  return rows.filter((other) => other.open && other.party === row.party && other.seq < row.seq);
}

/** Returns which limit a write of this message now would pass, or null. */
function heldBy(row: Row, writes: readonly Write[], moment: Moment): string | null {
  const { now, rules, connectedAt } = moment;
  const bulk = row.rank >= 2;
  const within = (ms: number) => writes.filter((write) => write.at > now - ms);
  const full = (counted: readonly Write[], cap: number): boolean => {
    if (cap === 0) return false;
    const kept = Math.ceil(cap / 5);
    const share = Math.max(1, cap - kept);
    return counted.length >= cap || (bulk && counted.filter(({ as }) => as === 'bulk').length >= share);
  };
  if (full(within(HOUR), rules.capHourly)) return 'the hourly cap';
  if (full(within(DAY), rules.capDaily)) return 'the daily cap';
  if (
    row.fresh &&
    full(
      within(HOUR).filter(({ opens }) => opens),
      rules.capNewHourly,
    )
  )
    return 'the cap on new chats';
  if (!bulk) return null;
  const warm = rules.warmupDaily[Math.floor((now - connectedAt) / DAY)];
  if (warm !== undefined && within(DAY).length >= warm) return 'the warm-up';
  const same = writes.filter(({ party, text }) => party === row.party && text === row.text);
  if (same.some(({ at }) => at > now - rules.duplicateTextMs)) return 'the wait for the same text';
  return isQuiet(now, rules) ? 'the quiet time' : null;
}

/** The model lives in UTC, where a day has 24 hours: its minutes can be reckoned. */
function isQuiet(now: number, { quietHours }: LaneRules): boolean {
  if (quietHours === null) return false;
  const minute = Math.floor((now % DAY) / 60_000);
  const { fromMinute: from, toMinute: to } = quietHours;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}
