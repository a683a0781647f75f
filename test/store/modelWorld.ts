import type { SendOutcome } from '../../src/channels/gateway';
import type { WakeRef } from '../../src/store/context';
import type { MessageRow } from '../../src/store/rows';
import type { TestStore } from '../support/storeAt';
import { fresh, openLine, OUTCOMES, type Granted, type Line } from './line';

/** A message and its run, as Temporal would keep it: the run knows only what its own claims told it, and signals. */
interface Run {
  messageId: string;
  to: string;
  wakeAt: number;
}

/** A claim in some worker's hands. */
interface InHand {
  granted: Granted;
  run: Run;
  at: number;
  leaseUntil: number;
}

const LEASE = 40_000;
/** The rules of these numbers: small caps, and a reply's gap of its own. */
export const RULES_HERE = {
  pace: {
    text: { minMs: 5_000, maxMs: 12_000 },
    media: { minMs: 5_000, maxMs: 12_000 },
    reply: { minMs: 1_000, maxMs: 3_000 },
    group: { minMs: 5_000, maxMs: 12_000 },
  },
  capHourly: 5,
};
const BULK_HOURLY = 4;
const HOUR = 3_600_000;
/** Nobody who may go waits longer than this, back-offs, doubts and lost signals included. */
const PATIENCE = 300_000;
/** A send is written at most this long after its claim. */
const WRITE_MAX = 5_000;
/** A dead worker is noticed by its heartbeat. */
const HEARTBEAT = 20_000;
const SWEEP_MS = 15_000;

/**
 * One number with its messages, their runs and the workers that send. Everything that the outside does is a method;
 * what must never happen throws. Nothing of the ledger's own reasoning is repeated here.
 */
export class World {
  readonly runs: Run[] = [];
  private readonly hands: InHand[] = [];
  private readonly written = new Map<string, number>();
  private readonly echoes: { gatewayId: string; to: string; text: string; at: number }[] = [];
  private lastWrite = -Infinity;
  /** What was written; `surely` false: its process died before anybody knew. */
  private readonly charges: { at: number; bulk: boolean; surely: boolean }[] = [];
  private loses = false;
  private texts = 0;

  private constructor(
    private readonly ledger: TestStore,
    private readonly line: Line,
  ) {}

  static async open(ledger: TestStore): Promise<World> {
    return new World(ledger, await openLine(ledger));
  }

  async accept(to: string, byPerson: boolean): Promise<void> {
    const userId = byPerson ? fresh('user') : undefined;
    const { messageId, plannedAt } = await this.line.accept({ to, text: `text ${++this.texts % 2}`, userId });
    this.runs.push({ messageId, to, wakeAt: plannedAt });
  }

  /** A run asks for its turn, at its own time or any other. */
  async claim(run: Run): Promise<void> {
    const result = await this.line.claim(run);
    switch (result.kind) {
      case 'granted':
        await this.mayBeGranted(run, isBulk(result));
        this.hands.push({ granted: result, run, at: this.now, leaseUntil: this.now + LEASE });
        run.wakeAt = this.now + LEASE;
        return;
      case 'done':
        run.wakeAt = Infinity;
        return await this.signal(result.wake === null ? [] : [result.wake]);
      case 'wait':
        run.wakeAt = this.now + result.ms;
        return await this.signal(result.wake === null ? [] : [result.wake]);
      case 'prepare':
      case 'route':
        throw new Error('Nothing has to be prepared here.');
      case 'sit':
      case 'ready':
        run.wakeAt = this.now + (result.kind === 'sit' ? result.ms : 0);
    }
  }

  /** A worker reports, at once or long after. */
  async outcome(index: number, kind: keyof typeof OUTCOMES | 'accepted'): Promise<void> {
    const [hand] = this.hands.splice(index % Math.max(this.hands.length, 1), 1);
    if (hand === undefined) return;
    const outcome: SendOutcome = kind === 'accepted' ? { kind, gatewayId: fresh('ID') } : OUTCOMES[kind];
    const wrote = outcome.kind !== 'not_sent';
    if (wrote) this.write(hand, outcome.kind === 'accepted' || outcome.kind === 'ambiguous');
    if (outcome.kind === 'accepted') this.echoes.at(-1)!.gatewayId = outcome.gatewayId;
    const since = wrote ? this.now - this.writeTime(hand) : null;
    const { wakes } = await this.line.record(hand.granted, outcome, since);
    hand.run.wakeAt = Math.min(hand.run.wakeAt, this.now);
    await this.signal(wakes);
  }

  /** A worker dies, before or after it wrote. */
  crash(index: number, wrote: boolean): void {
    const [hand] = this.hands.splice(index % Math.max(this.hands.length, 1), 1);
    if (hand === undefined) return;
    if (wrote) this.write(hand, true);
    else this.charges.push({ at: hand.at + WRITE_MAX, bulk: isBulk(hand.granted), surely: false });
    hand.run.wakeAt = hand.at + HEARTBEAT;
  }

  async cancel(run: Run): Promise<void> {
    await this.signal((await this.line.cancel(run)).wakes);
  }

  async connection(state: 'connected' | 'disconnected'): Promise<void> {
    const result =
      state === 'connected' ? { kind: state } : { kind: 'held' as const, state: 'relogin' as const, text: '' };
    const { wakes } = await this.ledger.store.connections.recordProbe(this.line.scope, this.line.connectionId, result);
    await this.signal(wakes);
  }

  /** The gateway tells of something that was really sent. */
  async echo(index: number): Promise<void> {
    const [echo] = this.echoes.splice(index % Math.max(this.echoes.length, 1), 1);
    if (echo !== undefined) await this.signal(await this.line.echo(echo.gatewayId, echo));
  }

  async receipt(index: number): Promise<void> {
    const echo = this.echoes[index % Math.max(this.echoes.length, 1)];
    if (echo !== undefined) await this.signal(await this.line.receipt(echo.gatewayId, 'delivered'));
  }

  /** The next signals are lost with the process that was to send them. */
  loseSignals(): void {
    this.loses = true;
  }

  /**
   * Lets everything come to its end by runs, timers and signals; the sweeper helps once, for signals that were lost.
   * Throws when something would wait too long.
   */
  async settle(): Promise<void> {
    this.loses = false;
    while (this.hands.length > 0) await this.outcome(0, 'accepted');
    await this.connection('connected');
    this.ledger.clock.advance(SWEEP_MS);
    await this.sweep();
    let since = this.now;
    for (let next = await this.next(); next !== null; next = await this.next()) {
      this.ledger.clock.now = Math.max(this.now, next.wakeAt);
      if (this.now > Math.max(since, this.capsFreeAt()) + PATIENCE)
        throw new Error(`left behind: ${JSON.stringify(await this.open())}`);
      await this.claim(next);
      if (this.hands.length > 0) since = this.now;
      await this.outcome(0, 'accepted');
    }
  }

  /** Removes what this world left, for the next one. */
  async clear(): Promise<void> {
    const { db } = this.ledger;
    for (const table of ['messages', 'message_parts', 'lanes', 'connections', 'echoes', 'receipts'])
      await db.knex(table).where({ location_id: this.line.scope.locationId }).delete();
  }

  private get now(): number {
    return this.ledger.clock.now;
  }

  private async open(): Promise<MessageRow[]> {
    const where = { location_id: this.line.scope.locationId, open: 1 };
    return await this.ledger.db.knex<MessageRow>('messages').where(where).orderBy('seq');
  }

  private async next(): Promise<Run | null> {
    const open = new Set((await this.open()).map((row) => row.id));
    const [first] = this.runs.filter((run) => open.has(run.messageId)).sort((a, b) => a.wakeAt - b.wakeAt);
    return first ?? null;
  }

  /** What the starter does behind a commit: signals and clears the marks, unless its process dies before. */
  private async signal(wakes: readonly WakeRef[]): Promise<void> {
    if (wakes.length > 0 && this.loses) {
      this.loses = false;
      return;
    }
    for (const wake of wakes) {
      this.runs.find((run) => run.messageId === wake.messageId)!.wakeAt = this.now;
      await this.ledger.store.lanes.clearWake(wake);
    }
  }

  private async sweep(): Promise<void> {
    const { sweep } = this.ledger.store;
    const found = [...(await sweep.leftWakes()), ...(await sweep.overdue())];
    await this.signal(found.filter((wake) => wake.locationId === this.line.scope.locationId));
  }

  /** When whoever waits may be written at the latest by the cap: what may have been written counts. */
  private capsFreeAt(): number {
    const times = (all: readonly { at: number }[]): number[] => all.map((one) => one.at).sort((a, b) => a - b);
    const bulk = times(this.charges.filter((charge) => charge.bulk)).at(-BULK_HOURLY) ?? -Infinity;
    return Math.max(bulk, times(this.charges).at(-RULES_HERE.capHourly) ?? -Infinity) + HOUR;
  }

  private mayBeCharged(bulk: boolean): void {
    const lately = this.charges.filter((charge) => charge.surely && charge.at > this.now - HOUR);
    const ofBulk = lately.filter((charge) => charge.bulk).length;
    if (lately.length >= RULES_HERE.capHourly) throw new Error('the cap was passed');
    if (bulk && ofBulk >= BULK_HOURLY) throw new Error("bulk took the replies' part of the cap");
  }

  private async mayBeGranted(run: Run, bulk: boolean): Promise<void> {
    this.mayBeCharged(bulk);
    if (this.hands.some((hand) => hand.leaseUntil > this.now)) throw new Error('two live claims on one number');
    const { minMs } = bulk ? RULES_HERE.pace.text : RULES_HERE.pace.reply;
    if (this.now - this.lastWrite < minMs) throw new Error('the gap was not kept');
    if (this.written.has(run.messageId)) throw new Error('given out again after it was sent');
    const earlier = this.runs.slice(0, this.runs.indexOf(run)).filter((one) => one.to === run.to);
    const open = new Set((await this.open()).map((row) => row.id));
    if (earlier.some((one) => open.has(one.messageId)))
      throw new Error('an earlier message to the contact was overtaken');
  }

  private writeTime(hand: InHand): number {
    return Math.min(this.now, hand.at + WRITE_MAX);
  }

  private write(hand: InHand, reached: boolean): void {
    const at = this.writeTime(hand);
    this.lastWrite = Math.max(this.lastWrite, at);
    if (!reached) return;
    this.written.set(hand.run.messageId, at);
    this.charges.push({ at, bulk: isBulk(hand.granted), surely: true });
    const { part } = hand.granted;
    const text = part.kind === 'text' ? part.text : '';
    this.echoes.push({ gatewayId: fresh('ID'), to: hand.run.to, text, at });
  }
}

/** Asked of the row as it was when it was granted: a lift may have made a reply of it. */
function isBulk({ message }: Granted): boolean {
  return message.rank >= 2;
}
