import { randomInt } from 'node:crypto';
import { isPortFree } from '../../src/sandbox/machine/freePort';

const TRIES = 50;

/** Returns a port P such that the `count` ports from P on are free on 127.0.0.1 just now. Throws when none is found. */
export async function freePortRange(count: number): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    // Below the range from which the system gives ports to clients.
    const base = 10_000 + 20 * randomInt(1_000);
    const free = await Promise.all(Array.from({ length: count }, (_, offset) => isPortFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`no ${count} free ports in a row on 127.0.0.1`);
}
