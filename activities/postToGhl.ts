import { asDomainError, DomainError } from '../src/domain/errors';
import { backoff } from '../src/domain/lane';
import { reasonWords } from '../src/domain/reasons';
import type { GhlAccess } from '../src/ghl/access';
import type { ClaimResult } from '../src/store/messages/claimResult';
import type { PostOutcome } from '../src/store/messages/posted';
import { accessTokenOf, renewRefusedToken } from './accessToken';
import { resolveContact, resolveContactAnew } from './contact';
import type { ActivityDeps } from './deps';
import { inboundProvider } from './provider';

type Granted = ClaimResult & { kind: 'granted' };

/** Refusals that somebody mends in GHL or in our settings: what a customer wrote is kept and tried again. */
const MENDABLE = new Set([
  'ghl_forbidden',
  'ghl_invalid_provider',
  'ghl_wrong_token_kind',
  'ghl_version_missing',
  'no_token',
]);
const MEND_MS = 5 * 60_000;

/** GHL lists a message some seconds after it was posted: an ambiguous post is looked up after this long. */
const LOOK_UP_AFTER_MS = 10_000;
/** The answer of a look-up is trusted back to this long before the message was accepted (clocks differ). */
const LOOK_BACK_MS = 60_000;

/**
 * A claim is posted at most this long after it was granted: its lease is longer than this and the call to GHL together.
 * A process that was frozen gives it back; somebody else may have posted it meanwhile.
 */
const POST_MAX_AGE_MS = 15_000;

/**
 * Adds a claimed message to its contact's conversation. `grantedBefore`: a monotonic time taken before the claim.
 * Returns what became of it; never throws. After an ambiguous post it is looked up before it is posted again.
 */
export async function postToGhl(deps: ActivityDeps, granted: Granted, grantedBefore: number): Promise<PostOutcome> {
  try {
    return await post(deps, granted, grantedBefore);
  } catch (thrown) {
    const error = asDomainError(thrown);
    if (error.retry === 'never') {
      deps.app.logger.error(
        { err: error, locationId: granted.message.location_id, messageId: granted.message.id },
        'GHL refuses an inbound message',
      );
    }
    return outcomeOf(error, granted.message.tries);
  }
}

async function post(deps: ActivityDeps, granted: Granted, grantedBefore: number): Promise<PostOutcome> {
  const { message, content } = granted;
  const { access, version } = await accessTokenOf(deps, message.location_id, 'high');
  try {
    const contact = await resolveContact(deps, access, granted);
    const altId = altIdOf(granted);
    if (granted.lookFirst) {
      const query = {
        locationId: message.location_id,
        contactId: contact.contactId,
        altId,
        direction: 'inbound' as const,
        text: content.text,
        sinceMs: (content.at ?? message.accepted_at) - LOOK_BACK_MS,
      };
      const found = await deps.app.ghl.findMessageByAltId(access, query);
      if (found !== null)
        return {
          kind: 'posted',
          ghlMessageId: found,
          contactId: contact.contactId,
          conversationId: contact.conversationId,
        };
    }
    if (performance.now() - grantedBefore > POST_MAX_AGE_MS) throw staleClaim();
    const outcome = await add(deps, access, granted, contact.contactId, altId);
    deps.proofs.add(message.location_id, version);
    return outcome;
  } catch (thrown) {
    if (thrown instanceof DomainError && thrown.code === 'ghl_unauthorized') {
      return await renewRefusedToken(deps, message.location_id, version);
    }
    if (thrown instanceof DomainError && thrown.code === 'ghl_contact_gone') {
      await resolveContactAnew(deps, granted);
      throw new DomainError('ghl_contact_gone', 'later', 'The contact is gone; it is found or made anew.', {
        retryAfterMs: 0,
      });
    }
    throw thrown;
  }
}

async function add(
  deps: ActivityDeps,
  access: GhlAccess,
  { message, content }: Granted,
  contactId: string,
  altId: string,
): Promise<PostOutcome> {
  const provider = inboundProvider(deps.app.settings);
  const posted = await deps.app.ghl.addInboundMessage(access, {
    type: 'SMS',
    contactId,
    conversationProviderId: provider.id,
    message: content.text ?? '',
    altId,
    date: new Date(content.at ?? message.accepted_at).toISOString(),
    direction: 'inbound',
  });
  return { kind: 'posted', ghlMessageId: posted.messageId, contactId, conversationId: posted.conversationId ?? null };
}

function staleClaim(): DomainError {
  return new DomainError('stale_claim', 'later', 'The claim is too old to be posted on.', { retryAfterMs: 0 });
}

/** The WhatsApp key id: what follows the connection's id in the source key. */
function altIdOf({ message }: Granted): string {
  return message.source_key.slice((message.connection_id ?? '').length + 1);
}

function outcomeOf(error: DomainError, tries: number): PostOutcome {
  const waitMs = error.retryAfterMs ?? backoff(tries + 1);
  if (error.retry === 'ambiguous') return { kind: 'ambiguous', waitMs: LOOK_UP_AFTER_MS, code: error.code };
  if (error.retry === 'later') return { kind: 'later', waitMs, code: error.code };
  if (MENDABLE.has(error.code)) return { kind: 'later', waitMs: MEND_MS, code: error.code };
  return { kind: 'failed', code: error.code, text: reasonWords(error.code, error.message) };
}
