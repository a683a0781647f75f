import type { App } from '../app';
import { tellBackoffMs } from '../domain/alerts';
import { asDomainError, DomainError } from '../domain/errors';
import type { GhlAccess } from '../ghl/access';
import type { OutageRow } from '../store/reconcile/outages';
import { lookThroughGhl, type Looked } from './lookThroughGhl';
import { missedOf } from './missedOf';
import type { GhlTokens } from './tellPeople';

type OutageApp = Pick<App, 'store' | 'ghl' | 'settings' | 'metrics' | 'logger'>;

/** Between two pages of conversations: what else there is for the location goes first. */
const NEXT_PAGE_MS = 2_000;
/** A page that fails so often in a row (over half a day) is not asked for any more, and the report says so. */
const MOST_TRIES = 150;

/**
 * Takes an outage one step further, and says in the end what was found: statuses that GHL lacks are told again, sends
 * without receipts are counted, and messages that stand in GHL and were never posted to us are noted. Nothing is ever
 * sent because of it: whether an old message still matters is for a person to say.
 */
export async function reconcileOutage(app: OutageApp, tokens: GhlTokens, outage: OutageRow): Promise<void> {
  const looked = await look(app, tokens, outage);
  if (looked.kind === 'later') return await app.store.outages.goOn(scopeOf(outage), outage.id, looked);
  if (looked.kind === 'more') {
    const { place } = looked;
    return await app.store.outages.goOn(scopeOf(outage), outage.id, { waitMs: NEXT_PAGE_MS, place });
  }
  await report(app, outage, looked.whole);
}

/** While a number alone was away, GHL's posts reached us: there is nothing to look for. */
async function look(
  app: OutageApp,
  tokens: GhlTokens,
  outage: OutageRow,
): Promise<Looked | { kind: 'later'; waitMs: number }> {
  if (outage.connection_id !== null) return { kind: 'done', whole: true };
  try {
    return await withAccess(tokens, outage.location_id, (access) => lookThroughGhl(app, access, outage));
  } catch (thrown) {
    const error = asDomainError(thrown);
    if (error.retry === 'never' || outage.tries >= MOST_TRIES) {
      app.logger.warn({ err: error, locationId: outage.location_id }, 'GHL could not be looked through');
      return { kind: 'done', whole: false };
    }
    return { kind: 'later', waitMs: Math.max(error.retryAfterMs ?? 0, tellBackoffMs(outage.tries)) };
  }
}

async function withAccess<T>(
  tokens: GhlTokens,
  locationId: string,
  ask: (access: GhlAccess) => Promise<T>,
): Promise<T> {
  const { access, version } = await tokens.accessOf(locationId);
  try {
    return await ask(access);
  } catch (thrown) {
    if (thrown instanceof DomainError && thrown.code === 'ghl_unauthorized')
      return await tokens.renewRefused(locationId, version);
    throw thrown;
  }
}

async function report(app: OutageApp, outage: OutageRow, whole: boolean): Promise<void> {
  const { store, metrics, logger } = app;
  const scope = scopeOf(outage);
  const retold = await store.outages.retell(scope, outage.from_at);
  const unreceipted = await store.outages.countUnreceipted(scope, outage.connection_id);
  await store.outages.finish(scope, outage.id, { retold, unreceipted, whole });
  const unreceived = (await missedOf(app, outage)).length;
  const found = { retold, unreceipted, unreceived, whole };
  metrics.outages.inc({ of: outage.connection_id === null ? 'bridge' : 'number' });
  metrics.unreceived.inc({}, unreceived);
  const subject = outage.connection_id ?? outage.location_id;
  const times = { from: new Date(outage.from_at).toISOString(), to: new Date(outage.to_at).toISOString() };
  await store.audit.write({
    actor: 'bridge',
    action: 'outage.reconciled',
    ...scope,
    subject,
    detail: { ...times, ...found },
  });
  logger.warn({ ...scope, connectionId: outage.connection_id, ...times, ...found }, 'An outage was looked at');
}

function scopeOf(outage: OutageRow): { locationId: string } {
  return { locationId: outage.location_id };
}
