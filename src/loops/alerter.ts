import { randomUUID } from 'node:crypto';
import type { App } from '../app';
import { tellOperator } from '../commands/tellOperator';
import { tellPeople, type GhlTokens } from '../commands/tellPeople';
import { ALERT_KINDS } from '../domain/alerts';
import { startLoop, type Loop } from './loop';

export interface AlerterDeps {
  app: Pick<App, 'store' | 'ghl' | 'starter' | 'settings' | 'logger' | 'metrics'>;
  tokens: GhlTokens;
}

/** An alert that is due at once is out within ten seconds (contract); a round looks at the numbers in trouble only. */
const LOOK_MS = 2_000;
/** What waits for a day is counted no oftener: that costs a look at every number with work. */
const BACKLOG_MS = 60_000;
/** How often the store is asked for what is to be told. */
const TELL_MS = 1_000;
/** Its holder renews it every round; another process takes over this long after the last one. */
const LEASE_MS = 5_000;
const POSTS_AT_ONCE = 20;
/** With TELL_MS at most half of what GHL takes from one location (100 requests in 10 s), were all of them for one. */
const GHL_TELLS_AT_ONCE = 5;

/**
 * Starts the alert loops of a worker. Two look for troubles and write down what is to be told, in one process at a
 * time; two tell it, posts and GHL apart, so that a webhook that hangs holds up neither the other nor the look.
 */
export function startAlerter(deps: AlerterDeps): Loop {
  const { store, logger } = deps.app;
  const holder = randomUUID();
  const loops = [
    startLoop('alerts', LOOK_MS, logger, () => look(deps, holder)),
    startLoop('backlogs', BACKLOG_MS, logger, () => lookForBacklogs(deps, holder)),
    startLoop('alert posts', TELL_MS, logger, () => tellOperators(deps)),
    startLoop('alert notes', TELL_MS, logger, () => tellInGhl(deps)),
  ];
  return {
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
      await store.leases.give('alerts', holder);
      await store.leases.give('backlogs', holder);
    },
  };
}

/** One round: what the receipts of a number teach comes first, for an alert says it. */
async function look({ app }: AlerterDeps, holder: string): Promise<void> {
  const { store, starter, settings, metrics } = app;
  if (await store.leases.take('alerts', holder, LEASE_MS)) {
    await starter.wake(await store.alerts.learnReceipts());
    await store.alerts.reconcile({ post: settings.alertWebhookUrl !== undefined });
  }
  const open = await store.alerts.countOpen();
  for (const kind of ALERT_KINDS) metrics.alertsOpen.set({ kind }, open[kind] ?? 0);
}

async function lookForBacklogs({ app: { store } }: AlerterDeps, holder: string): Promise<void> {
  if (await store.leases.take('backlogs', holder, BACKLOG_MS + LEASE_MS)) await store.alerts.lookForBacklogs();
}

async function tellOperators({ app }: AlerterDeps): Promise<void> {
  const { alertWebhookUrl: url } = app.settings;
  if (url === undefined) return;
  const due = await app.store.alerts.takeDueTells('operator', POSTS_AT_ONCE);
  await Promise.all(due.map((tell) => tellOperator(app, url, tell)));
}

async function tellInGhl({ app, tokens }: AlerterDeps): Promise<void> {
  const due = await app.store.alerts.takeDueTells('ghl', GHL_TELLS_AT_ONCE);
  await Promise.all(due.map((tell) => tellPeople(app, tokens, tell)));
}
