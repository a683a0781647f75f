import { setTimeout as sleep } from 'node:timers/promises';
import type { BridgeProcess } from '../stage/bridgeProcess';
import { valueOf } from '../stage/metricsText';

/** Bytes. `heap`: what JavaScript objects take; `resident`: what the system gave the process, native code and all. */
export interface Memory {
  resident: number;
  heap: number;
}

const EVERY_MS = 1_000;

/**
 * Returns the least memory that a process showed in so many seconds: garbage that has not been collected yet stands in
 * most looks, so the lowest is nearest to what is held.
 */
export async function leastMemory(bridge: BridgeProcess, seconds: number): Promise<Memory> {
  let least: Memory = { resident: Infinity, heap: Infinity };
  for (let n = 0; n < seconds; n++) {
    const text = await bridge.metrics();
    const resident = Math.min(least.resident, valueOf(text, 'process_resident_memory_bytes'));
    least = { resident, heap: Math.min(least.heap, valueOf(text, 'nodejs_heap_size_used_bytes')) };
    await sleep(EVERY_MS);
  }
  return least;
}
