import { randomUUID } from 'node:crypto';
import type { App } from '../app';
import { startLoop, type Loop } from './loop';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** A round renews its lease with every batch, so a process that dies is followed within this time. */
const LEASE_MS = 60_000;
/** A user context of GHL ends with GHL_SHARED_SECRET only, so it is remembered for over a year that it was exchanged. */
const SPENT_CONTEXT_MS = 400 * DAY_MS;

type JanitorApp = Pick<App, 'store' | 'settings' | 'logger' | 'metrics'>;

/**
 * Starts the janitor: once an hour, one process at a time, it erases what is older than MESSAGE_RETENTION_DAYS, sessions
 * and QR codes that are over, credentials that external authentication brought for nobody, and numbers of who uninstalled long ago. What is erased is marked so, hence a round that was cut off is simply gone on with by the next.
 */
export function startJanitor(app: JanitorApp): Loop {
  const holder = randomUUID();
  const stopping = new AbortController();
  const loop = startLoop('janitor', HOUR_MS, app.logger, () => tidyUp(app, holder, stopping.signal));
  return {
    stop: async () => {
      stopping.abort();
      await loop.stop();
      await app.store.leases.give('janitor', holder);
    },
  };
}

/** One round: batch after batch until nothing is old enough, the lease is another's, or it is stopped. */
async function tidyUp(
  { store, settings, metrics, logger }: JanitorApp,
  holder: string,
  stopped: AbortSignal,
): Promise<void> {
  const keepMs = settings.messageRetentionDays * DAY_MS;
  while (!stopped.aborted && (await store.leases.take('janitor', holder, LEASE_MS))) {
    const expired = await store.erasure.expire(keepMs);
    const sessions = await store.sessions.expire(SPENT_CONTEXT_MS);
    const qrCodes = await store.qr.expire();
    const externalAuth = await store.externalAuth.expire(keepMs);
    const connections = await store.connections.purge(keepMs);
    const facts = await store.ghlFacts.expire(keepMs);
    const counts = { ...expired, sessions, qrCodes, externalAuth, connections, facts };
    if (sumOf(counts) === 0) return;
    metrics.erased.inc({ why: 'retention' }, expired.messages);
    logger.info(counts, 'What is older than MESSAGE_RETENTION_DAYS was erased');
  }
}

function sumOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
