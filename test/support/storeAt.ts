import { LIMITS } from './partLimits';
import type { GatewayCapabilities } from '../../src/channels/gateway';
import { createCipher, type Cipher } from '../../src/crypto/cipher';
import { createKeyRing } from '../../src/crypto/keyRing';
import type { Gap, LaneDefaults } from '../../src/domain/laneRules';
import type { StoreTimings } from '../../src/store/context';
import { openDb, type Db } from '../../src/store/db';
import { createStore, type Store } from '../../src/store/store';

/** What the gateways of these tests can do: WhatsApp's, and others that lack what it has. */
export const WHATSAPP: GatewayCapabilities = {
  idempotencyKey: false,
  lookup: false,
  echo: true,
  receipts: true,
  partLimits: LIMITS,
  numberCheck: false,
  paced: true,
};
export const GATEWAYS: Record<string, GatewayCapabilities> = {
  waapify: WHATSAPP,
  /** Can be asked for numbers before the first message to them. */
  checking: { ...WHATSAPP, numberCheck: true },
  /** Not WhatsApp: nothing comes back by webhook, and it needs no pace. */
  test: { ...WHATSAPP, echo: false, receipts: false, paced: false },
  /** Tells of its own sends, and no more. */
  echoing: { ...WHATSAPP, receipts: false },
};

export const TIMINGS: StoreTimings = {
  gatewayTimeoutMs: 28_000,
  unknownWaitMs: 60_000,
  receiptAlarmMs: 600_000,
  receiptWaitMs: 259_200_000,
  retryDeadlineMs: 900_000,
  statusFirstDelayMs: 3_000,
  probeIntervalMs: 60_000,
  alertAfterMs: 600_000,
  holdTrial: { minMs: 300_000, maxMs: 3_600_000 },
};

/** The same gap before every kind of part, and no caps: what a test is about, it sets itself. */
export function evenRules(gap: Gap): LaneDefaults {
  return {
    pace: { text: gap, media: gap, reply: gap, group: gap },
    capHourly: 1_000_000,
    capDaily: 1_000_000,
    capNewHourly: 0,
    warmupDaily: [],
    quietHours: null,
    duplicateTextMs: 0,
    holdMaxMs: { reply: 259_200_000, bulk: 259_200_000 },
  };
}

export const RULES = evenRules({ minMs: 5_000, maxMs: 12_000 });

/** The database's clock as a test moves it; it stands still in between. */
export interface Clock {
  now: number;
  advance(ms: number): void;
}

export interface TestStore {
  kind: 'sqlite' | 'mysql';
  store: Store;
  db: Db;
  clock: Clock;
  /** What DATABASE_URL would say: a file, or a MySQL address. */
  target: string;
  /** How often a transaction was run again because of a lock. */
  reruns(): number;
  /** Closes it; what it is on stays. */
  close(): Promise<void>;
}

export interface TestStoreOptions {
  kind: 'sqlite' | 'mysql';
  /** The database's own clock instead of one that stands still. */
  realClock?: boolean;
  timings?: Partial<StoreTimings>;
  /** On top of RULES. */
  rules?: Partial<LaneDefaults>;
  /** In [0, 1); every gap is the middle of its range unless told. */
  random?: () => number;
  cipher?: Cipher;
}

export function testCipher(...ids: string[]): Cipher {
  const keys = (ids.length === 0 ? ['k1'] : ids).map((id) => ({ id, key: Buffer.alloc(32, id) }));
  return createCipher(createKeyRing(keys));
}

/** Opens a store on a database that is there: a second process on it, a restart, a child process. */
export async function openStoreAt(target: string, options: TestStoreOptions): Promise<TestStore> {
  const clock: Clock = { now: Date.now(), advance: (ms) => void (clock.now += ms) };
  let reruns = 0;
  const db = openDb(options.kind === 'sqlite' ? { kind: 'sqlite', path: target } : { kind: 'mysql', url: target }, {
    onRerun: () => (reruns += 1),
    ...(options.realClock === true ? {} : { now: () => clock.now }),
  });
  const made = createStore(db, options.cipher ?? testCipher(), {
    timings: { ...TIMINGS, ...options.timings },
    rules: { ...RULES, ...options.rules },
    capabilities: (gateway) => GATEWAYS[gateway]!,
    random: options.random ?? (() => 0.5),
  });
  const store = await made.catch(async (error: unknown) => {
    await db.close();
    throw error;
  });
  return { kind: options.kind, store, db, clock, target, reruns: () => reruns, close: () => db.close() };
}
