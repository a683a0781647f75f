import type { ExpectedSend } from '../../sandbox/checkers';
import { openLoop } from '../openLoop';
import type { BenchNumber } from '../stage/numbers';
import type { BenchWorld } from '../stage/world';

export interface BacklogPlan {
  number: BenchNumber;
  /** The first message's number, and how many. */
  from: number;
  count: number;
  /** Posts a second. */
  rate: number;
  /** Each gets every so manieth message. */
  contacts: number;
}

export interface Backlog {
  /** What was acknowledged, in the order of the posts. */
  accepted: ExpectedSend[];
  /** From when a post was due until its 200, milliseconds. */
  latencies: number[];
  /** Posts that got no 200. */
  refused: number;
}

/** Has a workflow of GHL write to many contacts at a fixed rate: nobody's hand, so it is bulk. */
export async function postBacklog(world: BenchWorld, plan: BacklogPlan): Promise<Backlog> {
  const { number, from, count, rate, contacts } = plan;
  const backlog: Backlog = { accepted: [], latencies: [], refused: 0 };
  await openLoop(count, 1_000 / rate, async (index, dueAt) => {
    const n = from + index;
    const phone = number.phoneOf(n % contacts);
    const text = `campaign of ${number.locationId}, ${n}`;
    const { status } = await world.ghl.agentSends({ locationId: number.locationId, phone, text });
    if (status !== 200) {
      backlog.refused += 1;
      return;
    }
    backlog.latencies.push(Date.now() - dueAt);
    backlog.accepted.push({ number: phone.slice(1), text });
  });
  return backlog;
}
