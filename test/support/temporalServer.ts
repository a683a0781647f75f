import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevServer, type DevServer } from '../../src/sandbox/temporalDevServer';
import { findTemporalCli } from '../../src/sandbox/temporalCli';

/** The Temporal dev server of one test file. */
export interface TestTemporal {
  /** Throws before `beforeAll` has run. */
  readonly server: DevServer;
  /** Power loss: kill -9. What a durable one has acknowledged is on disk. */
  kill(): Promise<void>;
  /** Runs before the server is ended, the last one first: worlds and bridges see to themselves. */
  onEnd(work: () => Promise<unknown>): void;
  /** Starts it again on the same ports, with the same data when it is durable. */
  startAgain(): Promise<void>;
}

/**
 * Gives the test file that calls it a Temporal of its own, started before its first test and ended after its last.
 * In memory, which is three times as fast; `durable` keeps its data in a file, for tests that kill it.
 */
export function useTemporal({ durable = false } = {}): TestTemporal {
  let folder = '';
  let running: DevServer | undefined;
  const endings: (() => Promise<unknown>)[] = [];

  const start = async (earlier?: DevServer): Promise<void> => {
    const cliPath = await findTemporalCli();
    const ports = earlier === undefined ? {} : { port: earlier.port, uiPort: earlier.uiPort };
    const data = durable ? { dbFile: join(folder, 'temporal.db') } : {};
    running = await startDevServer({ cliPath, ...data, ...ports });
  };
  const server = (): DevServer => {
    if (running === undefined) throw new Error('Temporal is started in beforeAll');
    return running;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bridge-temporal-'));
    await start();
  });
  afterAll(async () => {
    for (const end of endings.reverse()) await end();
    // Nothing of it is wanted any more, and a stop in order takes more than a second of every file.
    await running?.kill();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get server() {
      return server();
    },
    onEnd: (work) => void endings.push(work),
    kill: () => server().kill(),
    startAgain: () => start(server()),
  };
}
