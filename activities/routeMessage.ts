import { asDomainError } from '../src/domain/errors';
import type { MessageArgs } from '../src/domain/workflowTypes';
import type { ClaimResult } from '../src/store/messages/claimResult';
import { accessTokenOf } from './accessToken';
import { scopeOf, type ActivityDeps } from './deps';

/** GHL is asked again so much later. */
export const ROUTE_AGAIN_MS = 5_000;
/** A message waits so long for its contact's tags; then it goes as one without. */
const PATIENCE_MS = 60_000;

/**
 * Finds the number on which a message goes, by its contact's tags in GHL. Returns false while GHL can not be asked; after
 * a minute, or when the contact is gone, it goes as if it had none.
 */
export async function routeMessage(
  deps: ActivityDeps,
  args: MessageArgs,
  { contactId, sinceMs }: ClaimResult & { kind: 'route' },
): Promise<boolean> {
  const { app } = deps;
  const tags = await tagsOf(deps, args.locationId, contactId, sinceMs);
  if (tags === null) return false;
  await app.starter.wake(await app.store.messages.routeByTags(scopeOf(args), args.messageId, tags));
  return true;
}

async function tagsOf(
  deps: ActivityDeps,
  locationId: string,
  contactId: string,
  sinceMs: number,
): Promise<readonly string[] | null> {
  try {
    const { access } = await accessTokenOf(deps, locationId, 'low');
    return (await deps.app.ghl.getContact(access, contactId)).tags;
  } catch (thrown) {
    const error = asDomainError(thrown);
    if (error.retry !== 'never' && sinceMs < PATIENCE_MS) return null;
    deps.app.logger.warn({ err: error, locationId }, 'A message is routed without the tags of its contact');
    return [];
  }
}
