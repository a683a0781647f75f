import type { App } from '../app';
import { tellOptOut } from '../commands/tellOptOut';
import type { GhlTokens } from '../commands/tellPeople';
import { startLoop, type Loop } from './loop';

export interface OptOutTellerDeps {
  app: Pick<App, 'store' | 'ghl' | 'starter' | 'gateway' | 'metrics' | 'logger'>;
  tokens: GhlTokens;
}

/** How often the store is asked for opt-outs with something left to do. */
const LOOK_MS = 1_000;
/** A small part of what GHL takes from one location (100 requests in 10 s), were all of them for one. */
const AT_ONCE = 5;

/** Starts the loop that tells contacts and GHL of opt-outs: one per worker process; the store gives each to one. */
export function startOptOutTeller({ app, tokens }: OptOutTellerDeps): Loop {
  return startLoop('opt-outs', LOOK_MS, app.logger, async () => {
    const due = await app.store.optOuts.takeDue(AT_ONCE);
    await Promise.all(due.map((task) => tellOptOut(app, tokens, task)));
  });
}
