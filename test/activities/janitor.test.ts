import type { App } from '../../src/app';
import { startJanitor } from '../../src/loops/janitor';
import { createLogger } from '../../src/observability/logger';
import { createMetrics } from '../../src/observability/metrics';
import { eventually } from '../support/adminClient';

interface Played {
  app: App;
  asked: number[];
  given: string[];
  /** For how long exchanged user contexts were to be remembered. */
  spentForMs: number[];
  /** For how long what external authentication brought was to be kept. */
  keptForMs: number[];
  /** For how long numbers of locations that uninstalled were to be kept. */
  purgedForMs: number[];
  /** How old facts of GHL had to be. */
  factsForMs: number[];
}

function purgeOf(asked: number[], keepMs: number, purged = 0): Promise<number> {
  asked.push(keepMs);
  return Promise.resolve(asked.length <= purged ? 100 : 0);
}

/** An app whose store has so many batches to erase; `mine`: whether the lease is to be had. */
function play(
  batches: number,
  options: {
    mine?: () => boolean;
    onBatch?: () => void;
    sessions?: number;
    externalAuth?: number;
    purged?: number;
    facts?: number;
  } = {},
): Played {
  const played: Omit<Played, 'app'> = {
    asked: [],
    given: [],
    spentForMs: [],
    keptForMs: [],
    purgedForMs: [],
    factsForMs: [],
  };
  const store = {
    leases: {
      take: () => Promise.resolve(options.mine?.() ?? true),
      give: (name: string) => Promise.resolve(void played.given.push(name)),
    },
    erasure: {
      expire: (keepMs: number) => {
        played.asked.push(keepMs);
        options.onBatch?.();
        const messages = played.asked.length <= batches ? 500 : 0;
        return Promise.resolve({ messages, posts: 0, echoes: 0, numbers: 0 });
      },
    },
    qr: { expire: () => Promise.resolve(0) },
    sessions: {
      expire: (spentForMs: number) => {
        played.spentForMs.push(spentForMs);
        return Promise.resolve(played.spentForMs.length <= (options.sessions ?? 0) ? 500 : 0);
      },
    },
    connections: { purge: (keepMs: number) => purgeOf(played.purgedForMs, keepMs, options.purged) },
    externalAuth: {
      expire: (keepMs: number) => {
        played.keptForMs.push(keepMs);
        return Promise.resolve(played.keptForMs.length <= (options.externalAuth ?? 0) ? 500 : 0);
      },
    },
    ghlFacts: {
      expire: (keepMs: number) => {
        played.factsForMs.push(keepMs);
        return Promise.resolve(played.factsForMs.length <= (options.facts ?? 0) ? 500 : 0);
      },
    },
  };
  const settings = { messageRetentionDays: 30 };
  const app = { store, settings, metrics: createMetrics(), logger: createLogger({ level: 'silent' }) };
  return { app: app as unknown as App, ...played };
}

test('erases batch after batch until nothing is old enough, and counts', async () => {
  const { app, asked, given } = play(3);
  const janitor = startJanitor(app);
  await eventually(() => expect(asked).toHaveLength(4));
  await janitor.stop();
  expect(new Set(asked)).toEqual(new Set([30 * 86_400_000]));
  expect(await app.metrics.render()).toContain('bridge_messages_erased_total{why="retention"} 1500');
  expect(given).toEqual(['janitor']);
});

test('leaves it to whoever has the lease, also in the middle of a round', async () => {
  let taken = 0;
  const { app, asked } = play(100, { mine: () => (taken += 1) <= 2 });
  const janitor = startJanitor(app);
  await eventually(() => expect(taken).toBe(3));
  await janitor.stop();
  expect(asked).toHaveLength(2);
});

test('stops after the batch in hand, however much is left', async () => {
  const stopped: Promise<void>[] = [];
  const { app, asked } = play(Number.MAX_SAFE_INTEGER, { onBatch: () => stopped.push(janitor.stop()) });
  const janitor = startJanitor(app);
  await eventually(() => expect(stopped).not.toHaveLength(0));
  await Promise.all(stopped);
  expect(asked).toHaveLength(1);
});

test('goes on while sessions are over, though no message is old enough', async () => {
  const { app, spentForMs } = play(0, { sessions: 3 });
  const janitor = startJanitor(app);
  await eventually(() => expect(spentForMs).toHaveLength(4));
  await janitor.stop();
  expect(new Set(spentForMs)).toEqual(new Set([400 * 86_400_000]));
});

test('goes on while credentials are left that were brought for nobody', async () => {
  const { app, keptForMs } = play(0, { externalAuth: 2 });
  const janitor = startJanitor(app);
  await eventually(() => expect(keptForMs).toHaveLength(3));
  await janitor.stop();
  expect(new Set(keptForMs)).toEqual(new Set([30 * 86_400_000]));
});

test('goes on while numbers are left of locations that uninstalled long ago', async () => {
  const { app, purgedForMs } = play(0, { purged: 1 });
  const janitor = startJanitor(app);
  await eventually(() => expect(purgedForMs).toHaveLength(2));
  await janitor.stop();
  expect(new Set(purgedForMs)).toEqual(new Set([30 * 86_400_000]));
});

test('goes on while facts of GHL are old, and keeps them as long as messages', async () => {
  const { app, factsForMs } = play(0, { facts: 3 });
  const janitor = startJanitor(app);
  await eventually(() => expect(factsForMs).toHaveLength(4));
  await janitor.stop();
  expect(new Set(factsForMs)).toEqual(new Set([30 * 86_400_000]));
});
