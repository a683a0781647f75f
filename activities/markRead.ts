import { setTimeout as sleep } from 'node:timers/promises';
import { asDomainError } from '../src/domain/errors';
import type { GhlAccess } from '../src/ghl/access';
import type { ClaimResult } from '../src/store/messages/claimResult';
import type { PostOutcome } from '../src/store/messages/posted';
import type { ActivityDeps } from './deps';

type Granted = ClaimResult & { kind: 'granted' };
type Posted = PostOutcome & { kind: 'posted' };

/** Between the tries. All of them end well within what a claim's lease leaves after the post itself. */
const WAITS_MS = [300, 1_000];

/**
 * Whoever has answered on the phone has read the conversation: sets its count of unread messages to 0, before anything
 * else of the contact is posted. Returns the post. Never throws: the message stands in GHL, and is worth more than a
 * count; so this is tried a few times and then left.
 */
export async function markRead(
  deps: ActivityDeps,
  access: GhlAccess,
  { message, claim }: Granted,
  posted: Posted,
): Promise<Posted> {
  if (message.own === 0 || claim.n > 1) return posted;
  for (const waitMs of [...WAITS_MS, null]) {
    try {
      // It may have waited, or its file: a question that came behind it has been read by nobody.
      const scope = { locationId: message.location_id };
      if (await deps.app.store.messages.wasAskedSince(scope, message.id)) return posted;
      await setRead(deps, access, message.location_id, posted);
      return posted;
    } catch (thrown) {
      const error = asDomainError(thrown);
      if (waitMs === null || error.retry === 'never') {
        const about = { err: error, locationId: message.location_id, messageId: message.id };
        deps.app.logger.warn(about, 'A conversation could not be marked as read');
        return posted;
      }
      await sleep(waitMs);
    }
  }
  return posted;
}

async function setRead(deps: ActivityDeps, access: GhlAccess, locationId: string, posted: Posted): Promise<void> {
  const { ghl } = deps.app;
  const { contactId } = posted;
  const conversationId = posted.conversationId ?? (await ghl.findConversation(access, { locationId, contactId }));
  if (conversationId !== null) await ghl.markRead(access, { locationId, conversationId });
}
