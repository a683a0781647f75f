import { compose } from '../../compose';
import { loadSettings } from '../../config/settings';
import { planParts } from '../../domain/parts';
import type { Store } from '../../store/store';
import type { PartLimits } from '../../domain/parts';
import { createClosers } from '../../quickstart/stage/closers';
import { createMysqlDatabase } from '../../sandbox/machine/mysqlDatabase';
import { openDb } from '../../store/db';
import { percentilesOf, type Percentiles } from '../percentiles';

export interface StoreAlone {
  messages: number;
  /** Milliseconds: the first thousand accepts, and the last. */
  acceptEmpty: Percentiles;
  acceptFull: Percentiles;
  /** Milliseconds: a look of the head, and a claim that is refused, while all of them wait. */
  headFull: Percentiles;
  refusedFull: Percentiles;
  /** On disk, rows and indexes, of each message. */
  bytesEach: number;
}

const SCOPE = { locationId: 'bench-store' };
const SAMPLES = 1_000;
const CLAIMS = 200;

/**
 * Measures the store without Temporal, gateway or GHL: how long an accept and a claim take in a lane in which nobody
 * waits, and in one in which `messages` do. `env` is a bridge's environment; the database is a new one on `mysqlUrl`.
 */
export async function measureStore(
  env: Record<string, string>,
  mysqlUrl: string,
  messages: number,
): Promise<StoreAlone> {
  const closers = createClosers();
  try {
    const { url, drop } = await createMysqlDatabase(mysqlUrl, 'bridge_store');
    closers.add(drop);
    const { app, close } = await compose(loadSettings({ ...env, DATABASE_URL: url }));
    closers.add(close);
    const lane = await openLane(app.store, app.gateway('waapify').capabilities.partLimits);
    const accepts: number[] = [];
    for (let n = 0; n < messages; n++) accepts.push(await timed(() => lane.accept(n)));
    const head: number[] = [];
    const refused: number[] = [];
    for (let n = 1; n <= CLAIMS; n++) {
      head.push(await timed(() => lane.look(0)));
      refused.push(await timed(() => lane.look(Math.floor((n * (messages - 1)) / CLAIMS))));
    }
    return {
      messages,
      acceptEmpty: percentilesOf(accepts.slice(0, SAMPLES)),
      acceptFull: percentilesOf(accepts.slice(-SAMPLES)),
      headFull: percentilesOf(head),
      refusedFull: percentilesOf(refused),
      bytesEach: (await bytesOf(url)) / messages,
    };
  } finally {
    await closers.closeAll();
  }
}

interface Lane {
  accept(n: number): Promise<void>;
  /** Looks whether the nth message may go, without being granted. */
  look(n: number): Promise<unknown>;
}

async function openLane({ installations, connections, messages }: Store, limits: PartLimits): Promise<Lane> {
  const grant = { accessToken: 'bench', refreshToken: 'bench', expiresInS: 86_400, scope: '' };
  await installations.install(SCOPE, { companyId: null, grant });
  const gateway = { channel: 'whatsapp', gateway: 'waapify', baseUrl: 'https://gateway.example.com/api' } as const;
  const secrets = { instanceId: 'BENCH', token: 'bench', webhookSecret: 'bench', webhookHash: 'bench' };
  const { connectionId } = await connections.connect(SCOPE, { ...gateway, ...secrets });
  await connections.recordProbe(SCOPE, connectionId, { kind: 'connected' });
  const ids: string[] = [];
  return {
    accept: async (n) => {
      const content = { v: 1 as const, text: `message ${n}: your order is ready and waits for you until six` };
      const { messageId } = await messages.acceptOutbound(SCOPE, {
        ...{ source: 'ghl', sourceKey: `bench-${n}`, messageKey: `bench-${n}`, ghlMessageId: `bench-${n}` },
        ...{ providerId: null, channel: 'whatsapp', contactId: `contact-${n}` },
        address: { channel: 'whatsapp', value: `+6012${2_000_000 + n}` },
        content,
        parts: planParts(content, limits, null),
      });
      ids.push(messageId);
    },
    look: (n) => messages.claimPart(SCOPE, ids[n] ?? '', { dry: true }),
  };
}

/** The server's own figures, counted anew. */
async function bytesOf(url: string): Promise<number> {
  const { knex, close } = openDb({ kind: 'mysql', url });
  try {
    const tables = ['messages', 'message_parts', 'lanes'];
    await knex.raw(`ANALYZE TABLE ${tables.join(', ')}`);
    const [rows] = (await knex.raw(
      'SELECT SUM(data_length + index_length) AS bytes FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN (?, ?, ?)',
      tables,
    )) as [{ bytes: number | string }[]];
    return Number(rows[0]?.bytes);
  } finally {
    await close();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
