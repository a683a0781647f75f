import type { App } from '../app';
import { mergeContacts } from '../commands/mergeContacts';
import type { GhlTokens } from '../commands/tellPeople';
import { startLoop, type Loop } from './loop';

export interface ContactMergerDeps {
  app: Pick<App, 'store' | 'ghl' | 'starter' | 'logger'>;
  tokens: GhlTokens;
}

/** How often the store is asked for hidden identities whose number was learnt. */
const LOOK_MS = 2_000;

/** Starts the loop that brings contacts of one person together; one after the other, for it is nothing urgent. */
export function startContactMerger({ app, tokens }: ContactMergerDeps): Loop {
  return startLoop('contact merger', LOOK_MS, app.logger, async () => {
    for (const merge of await app.store.identities.takeDueMerges()) await mergeContacts(app, tokens, merge);
  });
}
