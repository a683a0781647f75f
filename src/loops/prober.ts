import type { App } from '../app';
import { probeNumber } from '../commands/probeNumber';
import type { ConnectionRow } from '../store/rows';
import { startLoop, type Loop } from './loop';

/** How often the store is asked whose probe is due; each connection has its own time (PROBE_INTERVAL_MS). */
const LOOK_MS = 1_000;

type ProberApp = Pick<App, 'store' | 'starter' | 'gateway' | 'settings' | 'logger' | 'metrics'>;

/**
 * Starts the probe loop: one per worker process; the store gives each due connection to one of them. No round waits for
 * its answers, or a gateway host that hangs would put off the probes of all others.
 */
export function startProber(app: ProberApp): Loop {
  const inHand = new Map<string, Promise<void>>();
  /** Whose probe came due while one is in hand: the gateway has told of a change, perhaps, and tells it once. */
  const again = new Map<string, ConnectionRow>();
  const begin = (connection: ConnectionRow): void => {
    const { id } = connection;
    const asked = probeNumber(app, connection)
      .catch((error: unknown) => app.logger.error({ err: error, connectionId: id }, 'A probe failed; it comes again'))
      .then(() => {
        inHand.delete(id);
        const next = again.get(id);
        again.delete(id);
        if (next !== undefined) begin(next);
      });
    inHand.set(id, asked);
  };
  const loop = startLoop('prober', LOOK_MS, app.logger, async () => {
    const due = await app.store.connections.takeDueProbes();
    for (const connection of due) {
      if (inHand.has(connection.id)) again.set(connection.id, connection);
      else begin(connection);
    }
  });
  return {
    stop: async () => {
      await loop.stop();
      again.clear();
      await Promise.all(inHand.values());
    },
  };
}
