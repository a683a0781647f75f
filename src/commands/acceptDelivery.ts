import type { App } from '../app';
import type { Provider } from '../config/parsers/providers';
import { DomainError } from '../domain/errors';
import { isRegion, type CountryCode } from '../domain/phone';
import { MEDIA_MAX_COUNT } from '../media/media';
import type { Scope } from '../store/context';
import type { Accepted } from '../store/messages/acceptedRow';
import { planDelivery, type DeliveryPost } from './planDelivery';

export interface DeliveryInput {
  /** The provider whose Delivery URL was called. */
  provider: Provider;
  body: DeliveryPost;
}

/** GHL posts again after a 429, whichever of its published retry rules is in force (GHL's webhook guides). */
const POST_AGAIN_MS = 10_000;

/**
 * Takes a message that GHL hands over for delivery: it is on the disk when this returns, its workflow starts behind
 * the answer. What can never be sent is taken too and ends as failed, with its reason told in GHL; the same post again
 * changes nothing. Returns what the ledger holds. Throws `not_stored` (429) only when nothing was persisted.
 */
export async function acceptDelivery(app: App, { provider, body }: DeliveryInput): Promise<Accepted> {
  const accepted = await persist(app, provider, body).catch((cause: unknown) => {
    throw notStored(cause);
  });
  if (!accepted.duplicate) {
    count(app, accepted);
    app.starter.startMessage(accepted);
  }
  return accepted;
}

async function persist(app: App, provider: Provider, body: DeliveryPost): Promise<Accepted> {
  const scope: Scope = { locationId: body.locationId };
  const region = await regionOf(app, scope, body.phone ?? '');
  const limits = app.gateway('waapify').capabilities.partLimits;
  const chat = await app.store.chats.ofContact(scope, body.contactId);
  const plan = planDelivery(provider, body, { region, limits, maxFiles: MEDIA_MAX_COUNT, chat });
  return await app.store.messages.acceptOutbound(scope, {
    source: 'ghl',
    sourceKey: body.messageId,
    messageKey: body.messageId,
    ghlMessageId: body.messageId,
    providerId: provider.id,
    contactId: body.contactId,
    userId: body.userId,
    ...plan,
  });
}

/** GHL posts numbers with their country code nearly always: the location is looked up only for the others. */
const INTERNATIONAL = /^\s*(?:\+|00)/;

async function regionOf(app: App, scope: Scope, phone: string): Promise<CountryCode> {
  if (INTERNATIONAL.test(phone)) return app.settings.defaultRegion;
  const country = (await app.store.locations.get(scope))?.country?.toUpperCase() ?? '';
  return isRegion(country) ? country : app.settings.defaultRegion;
}

function notStored(cause: unknown): DomainError {
  const message = 'The message could not be stored and is not accepted: post it again.';
  return new DomainError('not_stored', 'later', message, { status: 429, retryAfterMs: POST_AGAIN_MS, cause });
}

function count({ metrics }: App, { channel, state }: Accepted): void {
  metrics.messages.inc({ channel, direction: 'outbound', event: 'accepted' });
  if (state === 'failed') metrics.messages.inc({ channel, direction: 'outbound', event: 'failed' });
}
