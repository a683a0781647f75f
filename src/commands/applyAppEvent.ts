import { createHash } from 'node:crypto';
import type { App } from '../app';
import { DomainError } from '../domain/errors';
import { appIdOf } from '../ghl/installedLocations';
import type { AppEvent } from '../store/installations/events';
import { READ_BACK, readBack, type ReadBackPost } from './readBack';

/** An app event as GHL posts it, as far as it is used; everything but the type may be missing (GHL docs, webhooks). */
export interface AppEventPost extends ReadBackPost {
  appId?: string;
  companyId?: string;
  planId?: string;
  newPlanId?: string;
  webhookId?: string;
}

const INSTALLATIONS: ReadonlySet<string> = new Set(['INSTALL', 'UNINSTALL', 'PLAN_CHANGE', 'EXTERNAL_AUTH_CONNECTED']);

/**
 * Applies an app event: one about an installation in one transaction, and its workflow is told; one about a message or
 * conversation is only noted. GHL signs the events of all apps with one key, so one of another app is good by its
 * signature and still none of ours. What is not needed is logged by its type and counted. Throws `not_stored` (429) when
 * nothing was persisted.
 */
export async function applyAppEvent(app: App, post: AppEventPost, raw: Buffer): Promise<void> {
  const { logger, metrics } = app;
  const { type } = post;
  if (!INSTALLATIONS.has(type) && !READ_BACK.has(type)) {
    metrics.appEvents.inc({ type: 'other', outcome: 'ignored' });
    logger.info({ event: 'other' }, 'An app event that is not needed');
  } else if (isOfAnotherApp(app, post)) {
    metrics.appEvents.inc({ type, outcome: 'other_app' });
    logger.warn({ event: type }, 'An event of another app is ignored: check GHL_CLIENT_ID and the webhook address');
  } else if (READ_BACK.has(type)) {
    metrics.appEvents.inc({ type, outcome: await readBack(app, post).catch(notStored) });
  } else {
    await applyInstallation(app, post, raw);
  }
}

/** GHL's published schemas of what is read back have no appId, its posts do (observed): where it stands it has to fit. */
function isOfAnotherApp({ settings }: App, { type, appId }: AppEventPost): boolean {
  if (appId === undefined && READ_BACK.has(type)) return false;
  return appId !== appIdOf(settings.ghlClientId);
}

async function applyInstallation(app: App, post: AppEventPost, raw: Buffer): Promise<void> {
  const { store, starter, metrics } = app;
  const { type } = post;
  const { duplicate, changed } = await store.appEvents.apply(eventOf(post, raw)).catch(notStored);
  metrics.appEvents.inc({ type, outcome: duplicate ? 'duplicate' : 'applied' });
  if (duplicate) return;
  for (const resource of changed) starter.installationChanged(resource);
  await record(app, post, changed.length);
}

/** GHL posts again after a 429, whichever of its published retry rules is in force (GHL's webhook guides). */
const POST_AGAIN_MS = 10_000;

function notStored(cause: unknown): never {
  const message = 'The event could not be stored and is not taken: post it again.';
  throw new DomainError('not_stored', 'later', message, { status: 429, retryAfterMs: POST_AGAIN_MS, cause });
}

async function record(
  { store, logger }: App,
  { type, locationId, companyId, timestamp }: AppEventPost,
  changed: number,
): Promise<void> {
  const subject = locationId ?? companyId;
  const action = `event.${type.toLowerCase()}`;
  await store.audit.write({ actor: 'ghl', action, locationId, subject, detail: { changed } });
  if (type !== 'EXTERNAL_AUTH_CONNECTED' || locationId === undefined) return;
  const held = await store.externalAuth.markConnected({ locationId }, timeOf(timestamp) ?? (await store.now()));
  if (held === 'nothing')
    logger.warn({ locationId }, 'GHL calls external authentication connected, but asked elsewhere');
}

function eventOf(post: AppEventPost, raw: Buffer): AppEvent {
  return {
    // The same bytes are the same event where GHL gave it no id.
    id: post.webhookId ?? `sha256:${createHash('sha256').update(raw).digest('base64url')}`,
    type: post.type,
    locationId: post.locationId ?? null,
    companyId: post.companyId ?? null,
    planId: post.newPlanId ?? post.planId ?? null,
    at: timeOf(post.timestamp),
  };
}

function timeOf(timestamp: string | undefined): number | null {
  const at = Date.parse(timestamp ?? '');
  return Number.isNaN(at) ? null : at;
}
