import { windowsOf } from '../../src/domain/lane/caps';
import { decideClaim } from '../../src/domain/lane/decide';
import { DRAWS, gapEndsAt, paceKindOf } from '../../src/domain/lane/gap';
import { dueOf, nextOf, type LaneRow, type Next } from '../../src/domain/lane/head';
import { CLAIM_MAX_AGE_MS, leaseMs } from '../../src/domain/lane/lease';
import { openingFor, openingsOf, type Openings } from '../../src/domain/lane/openings';
import { backoff } from '../../src/domain/lane/retry';
import { isAsleep } from '../../src/domain/lane/wake';
import { treatedAs, type LaneRules, type PaceKind } from '../../src/domain/laneRules';
import { Judge, type Write } from './laneModelJudge';

/** A message and its run. */
export interface Row extends LaneRow {
  ownRank: number;
  text: string;
  kind: 'text' | 'media';
  wakeAt: number;
  tries: number;
}

export type End = 'accepted' | 'ambiguous' | 'failed' | 'notSent' | 'busy' | 'crashed';

interface InHand {
  row: Row;
  write: Write;
  at: number;
}

const LEASE_MS = leaseMs(28_000);
const UNKNOWN_MS = 60_000;
const SIT_LOOK_MS = 500;

/**
 * One number's lane in memory: the pure rules decide, this keeps the rows and wakes the runs as the store and Temporal do.
 * What must never happen is judged elsewhere, by counting.
 */
export class LaneWorld {
  now = 1_763_700_000_000;
  readonly rows: Row[] = [];
  claims = 0;
  private readonly writes: Write[] = [];
  private readonly judge = new Judge();
  private hand: InHand | null = null;
  private lane = { lastAt: 0, beforeAt: 0, jitter: 0, leaseUntil: 0 };
  private connected = true;
  private returnedAt: number | null = null;
  private readonly connectedAt = this.now - 1_000;

  constructor(
    public rules: LaneRules,
    private readonly random: () => number,
  ) {}

  get open(): Row[] {
    return this.rows.filter((row) => row.open);
  }

  accept(party: string, ownRank: number, kind: Row['kind'], text: string): void {
    const fresh = !this.writes.some((write) => write.party === party);
    const planned = this.now + 24 * 3_600_000;
    const row: Row = {
      messageId: `m${this.rows.length}`,
      seq: this.rows.length,
      ...{ party, ownRank, rank: ownRank, kind, text, fresh, open: true, claimable: true, notBefore: 0, tries: 0 },
      repeatAt: this.writtenAt(party, text),
      wakeAt: planned,
    };
    this.rows.push(row);
    this.rerank(party);
    // Planned a day late on purpose: nothing but wakes may be needed for the lane to flow.
    const next = this.next()?.row;
    if (next === row) row.wakeAt = this.now;
    else this.wakeHead();
  }

  /** A run asks for its turn. */
  claim(row: Row): void {
    if (!row.open) return void (row.wakeAt = Infinity);
    this.claims++;
    if (!this.connected || !row.claimable) return void (row.wakeAt = this.now + 72 * 3_600_000);
    const openings = this.openings();
    const next = this.next();
    const decision = decideClaim({
      now: this.now,
      self: { messageId: row.messageId, wait: this.ownWait(row, openings) },
      gapEndsAt: next === null ? this.now : this.gapBefore(next.row as Row),
      leaseUntil: this.lane.leaseUntil,
      next: next && { messageId: next.row.messageId, at: next.at, nextWakeAt: (next.row as Row).wakeAt },
      forecastAt: this.now + 24 * 3_600_000,
      partyActsAt: null,
      isPaced: true,
    });
    switch (decision.kind) {
      case 'grant':
        return this.grant(row);
      case 'sit':
        return void (row.wakeAt = this.now + Math.max(1, Math.min(SIT_LOOK_MS, decision.ms)));
      case 'wait':
        row.wakeAt = this.now + decision.ms;
        if (decision.wakeHead !== null) this.row(decision.wakeHead).wakeAt = this.now;
    }
  }

  /** What becomes of the part in hand. */
  outcome(end: End): void {
    if (this.hand === null) return;
    const { row, write, at } = this.hand;
    this.hand = null;
    const writes = end === 'accepted' || end === 'ambiguous' || end === 'busy' || end === 'failed' || end === 'crashed';
    const writtenAt = writes ? Math.min(this.now, at + CLAIM_MAX_AGE_MS) : null;
    if (writtenAt !== null) this.judge.wrote(writtenAt);
    if (end === 'crashed') return this.crash(row, write, at);
    const counts = end === 'accepted' || end === 'ambiguous';
    if (counts) write.at = writtenAt ?? write.at;
    else this.refund(write);
    this.lane = { ...this.lane, leaseUntil: 0, lastAt: writtenAt ?? this.lane.beforeAt };
    if (end === 'accepted' || end === 'failed') this.end(row);
    else this.again(row, end === 'ambiguous' ? UNKNOWN_MS : end === 'busy' ? backoff(++row.tries) : 5_000);
    if (end === 'ambiguous') Object.assign(row, { claimable: false });
    this.wakeHead();
  }

  cancel(row: Row): void {
    if (!row.open || !row.claimable) return;
    this.end(row);
    this.wakeHead();
  }

  connection(connected: boolean): void {
    if (connected && !this.connected) this.returnedAt = this.now;
    this.connected = connected;
    if (connected) this.wakeHead();
  }

  change(rules: LaneRules): void {
    this.rules = rules;
    this.wakeHead();
  }

  /** Lets everything come to its end. Throws when something waits although it might go, or is left behind. */
  settle(): void {
    this.outcome('accepted');
    this.connection(true);
    const most = this.claims + this.rows.length * 400 + 2_000;
    for (let row = this.soonest(); row !== undefined; row = this.soonest()) {
      this.judge.idle(this.idleUntil(), row.wakeAt);
      this.now = Math.max(this.now, row.wakeAt);
      this.resolveDoubt(row);
      this.claim(row);
      this.outcome('accepted');
      if (this.claims > most) throw new Error(`never ends: ${JSON.stringify(this.open)}`);
    }
  }

  private soonest(): Row | undefined {
    return this.open.reduce<Row | undefined>(
      (least, row) => (row.wakeAt < (least?.wakeAt ?? Infinity) ? row : least),
      undefined,
    );
  }

  /** When the next message might be written, were somebody there to ask; Infinity: not by itself. */
  private idleUntil(): number {
    const next = this.next();
    if (next === null) return Infinity;
    return Math.max(next.at, this.gapBefore(next.row as Row), this.lane.leaseUntil);
  }

  /** Its echo never came: it has ended as unknown, and its contact's next one may go. */
  private resolveDoubt(row: Row): void {
    if (row.open && !row.claimable && row.notBefore <= this.now) {
      this.end(row);
      this.wakeHead();
    }
  }

  private grant(row: Row): void {
    const opens = row.fresh;
    const write: Write = {
      at: this.now + CLAIM_MAX_AGE_MS,
      party: row.party,
      text: row.text,
      as: treatedAs(row),
      opens,
    };
    this.judge.granted(row, this.rows, this.writes, {
      now: this.now,
      rules: this.rules,
      kind: this.kindOf(row),
      connectedAt: this.connectedAt,
      returnedAt: this.returnedAt,
      inHand: this.hand !== null && this.lane.leaseUntil > this.now,
    });
    this.writes.push(write);
    for (const other of this.open) if (other.party === row.party) other.fresh = false;
    this.lane = {
      lastAt: this.now + CLAIM_MAX_AGE_MS,
      beforeAt: this.lane.lastAt,
      jitter: Math.floor(this.random() * DRAWS),
      leaseUntil: this.now + LEASE_MS,
    };
    row.claimable = false;
    row.wakeAt = this.lane.leaseUntil + 500;
    this.hand = { row, write, at: this.now };
  }

  /** The worker is gone: the part is in doubt once its lease has ended; it counts, and the lane stands until then. */
  private crash(row: Row, write: Write, at: number): void {
    write.at = at + CLAIM_MAX_AGE_MS;
    Object.assign(row, { notBefore: at + LEASE_MS + UNKNOWN_MS, wakeAt: at + LEASE_MS + UNKNOWN_MS });
  }

  private again(row: Row, waitMs: number): void {
    Object.assign(row, { claimable: true, notBefore: this.now + waitMs, wakeAt: this.now + waitMs });
  }

  private end(row: Row): void {
    Object.assign(row, { open: false, claimable: false, wakeAt: Infinity });
    this.rerank(row.party);
  }

  private refund(write: Write): void {
    this.writes.splice(this.writes.indexOf(write), 1);
    const known = this.writes.some(({ party }) => party === write.party);
    for (const row of this.open) if (row.party === write.party) Object.assign(row, { fresh: !known, repeatAt: null });
  }

  /** A reply takes its contact's earlier messages with it. */
  private rerank(party: string): void {
    let least = Infinity;
    for (const row of this.open.filter((one) => one.party === party).reverse()) {
      least = Math.min(least, row.ownRank);
      row.rank = least;
    }
  }

  private wakeHead(): void {
    const next = this.connected ? this.next() : null;
    if (next === null) return;
    const row = next.row as Row;
    const mayGoAt = Math.max(next.at, this.gapBefore(row), this.lane.leaseUntil);
    if (isAsleep(row.wakeAt, mayGoAt, this.now)) row.wakeAt = this.now;
  }

  private next(): Next | null {
    for (;;) {
      const limits = { now: this.now, openings: this.openings(), duplicateTextMs: this.rules.duplicateTextMs };
      const next = nextOf(this.rows, limits);
      if (next === null) return null;
      const row = next.row as Row;
      const repeatAt = this.writtenAt(row.party, row.text);
      if (repeatAt === row.repeatAt) return next;
      row.repeatAt = repeatAt;
    }
  }

  private openings(): Openings {
    const windows = windowsOf(this.rules, this.connectedAt, this.now);
    const used = windows.map((window) => {
      const counted = this.writes
        .filter((write) => (window.counts === 'all' || write.as === 'bulk') && (!window.opens || write.opens))
        .map((write) => write.at)
        .sort((a, b) => b - a);
      return { window, latestAt: counted[window.cap - 1] ?? null };
    });
    return openingsOf(this.rules, used, this.now);
  }

  private ownWait(row: Row, openings: Openings) {
    const due = dueOf(row, this.rules.duplicateTextMs);
    const opening = openingFor(openings, row);
    if (opening.at > Math.max(due, this.now) && opening.reason !== null)
      return { until: opening.at, reason: opening.reason };
    return { until: due, reason: due > row.notBefore ? ('same_text' as const) : ('retrying' as const) };
  }

  private gapBefore(row: Row): number {
    const { lastAt, jitter } = this.lane;
    return gapEndsAt({ lastAt, jitter, gap: this.rules.pace[this.kindOf(row)], returnedAt: this.returnedAt });
  }

  private kindOf(row: Row): PaceKind {
    return paceKindOf({ rank: row.rank, toGroup: row.party.startsWith('group'), isMedia: row.kind === 'media' });
  }

  private writtenAt(party: string, text: string): number | null {
    const same = this.writes.filter((write) => write.party === party && write.text === text);
    return same.length === 0 ? null : Math.max(...same.map(({ at }) => at));
  }

  private row(messageId: string): Row {
    return this.rows.find((row) => row.messageId === messageId)!;
  }
}
