import { planNext, type Plan } from '../../src/domain/lane/forecast';
import type { LaneDefaults } from '../../src/domain/laneRules';
import type { WakeRef } from '../../src/store/context';
import { sealAddress, sealContent } from '../../src/store/messages/codec';
import type { MessageRow } from '../../src/store/rows';
import { testCipher, type TestStore } from '../support/storeAt';
import { addressOf, fresh, openLine, type Line } from './line';

/** A message's run as Temporal would keep it: it sleeps until its own time, or until somebody wakes it. */
interface Run {
  messageId: string;
  wakeAt: number;
  /** How often it asked for its turn; looking again while it sits is one and the same. */
  claims: number;
  sits: boolean;
}

/** What left the number: when, and when it could have left by the rules and by what had left before. */
export interface Write {
  at: number;
  couldAt: number;
}

/** A gateway takes this long to write, and to answer. */
const WRITE_MS = 30;
const ANSWER_MS = 250;
const HOUR = 3_600_000;
/** So many rows go into the database at once. */
const BATCH = 200;
/** What the test's store seals with. */
const CRYPTO = { ...testCipher(), index: (text: string) => text };

/**
 * A campaign on one number with nothing but what the ledger says: runs, their timers and signals. `writes` is what it
 * came to, beside what a reading of the rules by another way would have allowed.
 */
export class Campaign {
  readonly runs = new Map<string, Run>();
  readonly writes: Write[] = [];
  private readonly timers = new Timers();
  /** The gap behind the last write. */
  private gap = 0;

  private constructor(
    private readonly ledger: TestStore,
    private readonly line: Line,
    private readonly rules: LaneDefaults,
    private readonly drawnGap: () => number,
  ) {}

  /** `drawnGap` returns the gap that was drawn last, in milliseconds. */
  static async open(ledger: TestStore, rules: LaneDefaults, drawnGap: () => number): Promise<Campaign> {
    return new Campaign(ledger, await openLine(ledger), rules, drawnGap);
  }

  /** Accepts so many messages, each to somebody else, `everyMs` apart; the number sends meanwhile. */
  async accept(count: number, everyMs: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const { messageId, plannedAt } = await this.line.accept({ to: fresh('contact'), text: fresh('text') });
      this.addRun(messageId, plannedAt);
      const end = this.now + everyMs;
      await this.runUntil(() => false, end);
      this.ledger.clock.now = Math.max(this.now, end);
    }
  }

  /**
   * Accepts one message, and puts so many copies of it behind it, each to somebody else: rows as an accept would write
   * them, planned by the same rule. To accept thousands one by one takes minutes.
   */
  async acceptMany(count: number): Promise<void> {
    const { knex } = this.ledger.db;
    const accepted = await this.line.accept({ text: fresh('text') });
    this.addRun(accepted.messageId, accepted.plannedAt);
    const message = await this.line.message(accepted);
    const part = await this.line.part(accepted);
    const { plan: noted, next_seq: seq } = await this.line.lane();
    let plan = JSON.parse(noted!) as Plan;
    const of = { kind: 'text', fresh: message.fresh === 1, now: this.now } as const;
    for (let done = 0; done < count; done += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, count - done) }, (_, index): MessageRow => {
        const next = planNext(plan, of, {
          rules: { ...this.rules, timeZone: 'UTC' },
          returnedAt: null,
          firstConnectedAt: this.now,
        });
        plan = next.plan;
        const id = fresh('copy');
        const name = { id, source_key: id, message_key: id, workflow_id: id, ghl_message_id: null };
        const own = { party: id, contact_id: id, address_key: id, content_key: id };
        const planned = { state: 'waiting', reason: 'behind', next_wake_at: Math.round(next.at) } as const;
        const sealed = {
          address_sealed: sealAddress(CRYPTO, id, addressOf(id)),
          content_sealed: sealContent(CRYPTO, id, { v: 1, text: 'Hello' }),
        };
        return { ...message, ...name, ...own, ...planned, ...sealed, seq: seq + done + index };
      });
      await knex('messages').insert(rows);
      await knex('message_parts').insert(
        rows.map(({ id, address_key }) => ({ ...part, id, message_id: id, address_key })),
      );
      for (const { id, next_wake_at: at } of rows) this.addRun(id, at!);
    }
    const tail = { next_seq: seq + count, plan: JSON.stringify(plan), tail_at: Math.round(plan.at) };
    await knex('lanes').where({ id: message.lane_id }).update(tail);
  }

  /** Lets time pass until so many have left. */
  async drain(count: number): Promise<void> {
    await this.runUntil(() => this.writes.length >= count);
  }

  private get now(): number {
    return this.ledger.clock.now;
  }

  private addRun(messageId: string, wakeAt: number): void {
    const run: Run = { messageId, wakeAt, claims: 0, sits: false };
    this.runs.set(messageId, run);
    this.setTimer(run, wakeAt);
  }

  /** Rings the timers that are due until `end`, or until enough was done. */
  private async runUntil(isDone: () => boolean, end = Infinity): Promise<void> {
    while (!isDone()) {
      const timer = this.timers.take(end);
      if (timer === null) return;
      this.ledger.clock.now = Math.max(this.now, timer.at);
      timer.run.wakeAt = Infinity;
      await this.claim(timer.run);
    }
  }

  private async claim(run: Run): Promise<void> {
    if (!run.sits) run.claims += 1;
    run.sits = false;
    const result = await this.line.claim(run);
    switch (result.kind) {
      case 'granted': {
        const couldAt = this.couldWrite();
        this.gap = this.drawnGap();
        this.ledger.clock.advance(WRITE_MS);
        this.writes.push({ at: this.now, couldAt });
        this.ledger.clock.advance(ANSWER_MS);
        const { wakes } = await this.line.record(result, { kind: 'accepted', gatewayId: fresh('ID') }, ANSWER_MS);
        return await this.signal(wakes);
      }
      case 'sit':
        run.sits = true;
        return this.setTimer(run, this.now + result.ms);
      case 'wait':
        this.setTimer(run, this.now + result.ms);
        return await this.signal(result.wake === null ? [] : [result.wake]);
      default:
        throw new Error(`Not expected here: ${result.kind}`);
    }
  }

  private async signal(wakes: readonly WakeRef[]): Promise<void> {
    for (const wake of wakes) {
      const run = this.runs.get(wake.messageId);
      if (run !== undefined) this.setTimer(run, this.now);
      await this.ledger.store.lanes.clearWake(wake);
    }
  }

  /** When the next one may be written, by what was: a campaign has four fifths of every cap. */
  private couldWrite(): number {
    const { capHourly, capDaily, capNewHourly, warmupDaily } = this.rules;
    const share = (cap: number): number => cap - Math.ceil(cap / 5);
    const nth = (back: number): number => this.writes.at(-back)?.at ?? -Infinity;
    const begin = this.writes[0]?.at ?? this.now;
    const day = Math.floor((this.now - begin) / (24 * HOUR));
    const times = [nth(1) + this.gap, nth(share(capHourly)) + HOUR];
    times.push(nth(share(capDaily)) + 24 * HOUR);
    if (capNewHourly > 0) times.push(nth(share(capNewHourly)) + HOUR);
    const warm = warmupDaily[day];
    if (warm !== undefined) times.push(nth(warm) + 24 * HOUR);
    return Math.max(...times);
  }

  private setTimer(run: Run, at: number): void {
    run.wakeAt = at;
    this.timers.push({ at, run });
  }
}

interface Timer {
  at: number;
  run: Run;
}

/** Timers in the order in which they ring: a heap, for there are thousands. One that was set anew rings once. */
class Timers {
  private readonly heap: Timer[] = [];

  push(timer: Timer): void {
    this.heap.push(timer);
    let index = this.heap.length - 1;
    while (index > 0 && this.at(index) < this.at(parent(index))) {
      this.swap(index, parent(index));
      index = parent(index);
    }
  }

  /** Takes the next one out that is due at `end`; null when none is. */
  take(end: number): Timer | null {
    for (;;) {
      const [first] = this.heap;
      if (first === undefined || first.at > end) return null;
      this.drop();
      if (first.run.wakeAt === first.at) return first;
    }
  }

  private drop(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    for (let index = 0; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const least = this.at(right) < this.at(left) ? right : left;
      if (this.at(least) >= this.at(index)) return;
      this.swap(index, least);
      index = least;
    }
  }

  private at(index: number): number {
    return this.heap[index]?.at ?? Infinity;
  }

  private swap(a: number, b: number): void {
    const [one, other] = [this.heap[a], this.heap[b]];
    if (one !== undefined && other !== undefined) [this.heap[a], this.heap[b]] = [other, one];
  }
}

function parent(index: number): number {
  return (index - 1) >> 1;
}
