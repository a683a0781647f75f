import type { DurableTemporal } from '../stage/servers';
import type { BridgeProcess } from '../stage/bridgeProcess';
import type { BenchWorld } from '../stage/world';

export const VICTIMS = ['worker', 'ingress', 'Temporal'] as const;
export type Victim = (typeof VICTIMS)[number];

/** The processes that are killed, and what takes their place. */
export interface Prey {
  /** Kills one by SIGKILL, and resolves when another serves in its place. */
  kill(victim: Victim): Promise<void>;
  /** How often a worker was killed so far. */
  workerKills(): number;
}

/** Takes running processes as prey. Each is ready again, in the same place and on the same data, after its kill. */
export function createPrey(
  world: BenchWorld,
  temporal: DurableTemporal,
  running: Record<'ingress' | 'worker', BridgeProcess>,
): Prey {
  let workers = 0;
  const killBridge = async (role: 'ingress' | 'worker'): Promise<void> => {
    await running[role].kill();
    running[role] = await world.start(role);
  };
  return {
    workerKills: () => workers,
    kill: async (victim) => {
      if (victim === 'worker') workers += 1;
      if (victim !== 'Temporal') return await killBridge(victim);
      const startAgain = await temporal.kill();
      await startAgain();
    },
  };
}
