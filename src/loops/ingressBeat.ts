import type { App } from '../app';
import { BEAT_MS } from '../domain/outage';
import { startLoop, type Loop } from './loop';

/**
 * Starts the loop by which an ingress says that it takes posts. After a silence of all of them, a store that could not
 * be written to included, it finds the outage. What stands before the ingress (a proxy, the network) it can not see.
 */
export function startIngressBeat({ store, logger }: Pick<App, 'store' | 'logger'>): Loop {
  return startLoop('ingress beat', BEAT_MS, logger, async () => {
    const locations = await store.outages.beat();
    if (locations > 0) logger.warn({ locations }, 'No ingress was there for a while: what may be lost is looked for');
  });
}
