import { setTimeout as sleep } from 'node:timers/promises';
import { withinDeadline } from '../../quickstart/waiting';
import type { Ledger } from '../stage/ledger';
import type { BenchNumber } from '../stage/numbers';
import type { BenchWorld } from '../stage/world';

const SEEN_MS = 180_000;

/**
 * Takes a number's session away and gives it back. Returns how long after the ledger saw the return its first message
 * was written, milliseconds; both by the database's clock.
 */
export async function firstAfterReconnect(world: BenchWorld, ledger: Ledger, number: BenchNumber): Promise<number> {
  const { waapify } = world;
  const { connectionId, instanceId } = number;
  const until = async (what: string, probe: () => Promise<boolean>): Promise<void> => {
    const never = new AbortController().signal;
    await withinDeadline(SEEN_MS, never, (wait) => wait(what, async () => (await probe()) || sleep(100, false)));
  };
  const isConnected = async (): Promise<boolean> => (await ledger.connection(connectionId)).state === 'connected';
  waapify.setState(instanceId, 'logged_out');
  await waapify.connectionEvent(instanceId);
  await until('the number to be seen as lost', async () => !(await isConnected()));
  await sleep(2_000);
  waapify.setState(instanceId, 'connected');
  await waapify.connectionEvent(instanceId);
  await until('the number to be seen as connected', isConnected);
  const seenAt = (await ledger.connection(connectionId)).state_since;
  let first: number | undefined;
  await until('its first message', async () => {
    [first] = await ledger.writes(connectionId, seenAt);
    return first !== undefined;
  });
  return (first ?? NaN) - seenAt;
}
