import type { App } from '../app';
import { notFound } from '../domain/errors';
import type { Scope } from '../store/context';
import type { Erased } from '../store/erase';

export interface EraseInput extends Scope {
  /** GHL's id of the contact; absent: everything of the location. */
  contactId?: string;
  /** Who does it, for the audit log. */
  actor: string;
}

export interface EraseResult extends Erased {
  /** Messages that waited and will not be sent, or not reach GHL, any more. */
  cancelled: number;
}

/**
 * Cancels what waits of a location or contact (GHL is told where a token is left), then erases at once what is held of
 * it; bare facts stay, and so do the location's numbers and access, which it goes on working with. Safe to repeat: what
 * is in hand now is erased by the next call. Throws `not_found` for an unknown location.
 */
export async function eraseData(app: App, { locationId, contactId, actor }: EraseInput): Promise<EraseResult> {
  const scope = { locationId };
  if ((await app.store.locations.get(scope)) === null) throw notFound('location');
  const cancelled = await cancelUnfinished(app, scope, contactId);
  const { erased, mediaIds } = await app.store.erasure.erase(scope, { contactId });
  await app.media.forget(mediaIds);
  await app.store.audit.write({
    actor,
    action: contactId === undefined ? 'location.erase' : 'contact.erase',
    ...scope,
    subject: contactId,
    detail: { cancelled, ...erased },
  });
  app.metrics.erased.inc({ why: 'asked' }, erased.messages);
  return { cancelled, ...erased };
}

async function cancelUnfinished(app: App, scope: Scope, contactId: string | undefined): Promise<number> {
  let count = 0;
  for (const id of await app.store.erasure.unfinished(scope, { contactId })) {
    const { cancelled, wakes } = await app.store.messages.cancel(scope, id, { reason: 'cancelled_by_operator' });
    app.starter.wakeSoon(wakes);
    if (cancelled) count += 1;
  }
  return count;
}
