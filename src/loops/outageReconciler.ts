import type { App } from '../app';
import { reconcileOutage } from '../commands/reconcileOutage';
import type { GhlTokens } from '../commands/tellPeople';
import { startLoop, type Loop } from './loop';

export interface OutageReconcilerDeps {
  app: Pick<App, 'store' | 'ghl' | 'settings' | 'metrics' | 'logger'>;
  tokens: GhlTokens;
}

/** How often the store is asked for outages that are to be looked at. */
const LOOK_MS = 5_000;
const AT_ONCE = 5;

/** Starts the loop that looks at what an outage may have lost: one per worker process; the store gives each to one. */
export function startOutageReconciler({ app, tokens }: OutageReconcilerDeps): Loop {
  return startLoop('outages', LOOK_MS, app.logger, async () => {
    const due = await app.store.outages.takeDue(AT_ONCE);
    await Promise.all(due.map((outage) => reconcileOutage(app, tokens, outage)));
  });
}
