import { openLoop } from '../openLoop';
import type { BenchNumber } from '../stage/numbers';
import type { BenchWorld } from '../stage/world';
import { arrivalsOf } from './arrivals';

export interface LightTraffic {
  numbers: readonly BenchNumber[];
  /** Between two messages of one number, milliseconds. */
  everyMs: number;
  seconds: number;
  /** Tells the runs apart. */
  name: string;
}

const CONTACTS = 5;
/** What has not gone out by then counts as never. */
const LATEST_MS = 60_000;

/**
 * Lets people write on many numbers, seldom on each, evenly spread. Returns how long each message took from the moment
 * it was due in GHL until it left the gateway, milliseconds; Infinity for what never did.
 */
export async function runLightTraffic(world: BenchWorld, traffic: LightTraffic): Promise<number[]> {
  const { numbers, everyMs, seconds, name } = traffic;
  const spacing = everyMs / numbers.length;
  const due = new Map<string, number>();
  await openLoop(Math.floor((seconds * 1_000) / spacing), spacing, async (n, dueAt) => {
    const number = numbers[n % numbers.length];
    if (number === undefined) return;
    const round = Math.floor(n / numbers.length);
    const text = `${name}, ${number.locationId}, ${round}`;
    due.set(text, dueAt);
    const userId = `user-of-${number.locationId}`;
    const phone = number.phoneOf(round % CONTACTS);
    await world.ghl.agentSends({ locationId: number.locationId, phone, text, userId });
  });
  const arrived = await arrivalsOf(world.waapify, new Set(due.keys()), LATEST_MS);
  return [...due].map(([text, dueAt]) => (arrived.get(text) ?? Infinity) - dueAt);
}
