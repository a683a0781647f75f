import { asDomainError, DomainError } from '../src/domain/errors';
import { backoff } from '../src/domain/lane/retry';
import { reasonWords } from '../src/domain/reasons';
import type { GhlAccess } from '../src/ghl/access';
import type { ClaimResult } from '../src/store/messages/claimResult';
import type { KnownContact } from '../src/store/contacts';
import type { PostOutcome } from '../src/store/messages/posted';
import { accessTokenOf, renewRefusedToken } from './accessToken';
import { resolveContact, resolveContactAnew } from './contact';
import type { ActivityDeps } from './deps';
import { inboundFileAddress, refusedFile } from './inboundFileAddress';
import { inboundPost, type InboundPost } from './inboundPost';
import { markRead } from './markRead';
import { inboundProvider, inboundType } from './provider';

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
const MAKE_ANEW_TRIES = 3;

/** GHL lists a message some seconds after it was posted: an ambiguous post is looked up after this long. */
const LOOK_UP_AFTER_MS = 10_000;
/** The answer of a look-up is trusted back to this long before the message was accepted (clocks differ). */
const LOOK_BACK_MS = 60_000;

/**
 * A claim is posted at most this long after it was granted: its lease is longer than this and the call to GHL together.
 * A process that was frozen, or has stored a file in GHL for that long, gives it back; somebody else may have posted it
 * meanwhile.
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
  const { message } = granted;
  const { access, version } = await accessTokenOf(deps, message.location_id, 'high');
  try {
    const contact = await resolveContact(deps, access, granted);
    const wanted = inboundPost(granted);
    const found = granted.lookFirst ? await lookUp(deps, access, granted, wanted, contact.contactId) : null;
    if (found !== null) {
      const { contactId, conversationId } = contact;
      const there = { kind: 'posted', ghlMessageId: found, contactId, conversationId } as const;
      return await markRead(deps, access, granted, { ...there, fileFollows: wanted.fileFollows });
    }
    const attachments = wanted.attach ? [await inboundFileAddress(deps, access, granted, contact)] : [];
    if (performance.now() - grantedBefore > POST_MAX_AGE_MS) throw staleClaim();
    const posted = await add(deps, access, granted, contact, { ...wanted, attachments }).catch(
      async (thrown: unknown) => {
        throw await refusedFile(deps, granted, attachments, thrown);
      },
    );
    deps.proofs.add(message.location_id, version);
    return await markRead(deps, access, granted, posted);
  } catch (thrown) {
    if (thrown instanceof DomainError && thrown.code === 'ghl_unauthorized') {
      return await renewRefusedToken(deps, message.location_id, version);
    }
    if (thrown instanceof DomainError && thrown.code === 'ghl_contact_gone') {
      throw await contactGone(deps, granted);
    }
    throw thrown;
  }
}

async function add(
  deps: ActivityDeps,
  access: GhlAccess,
  granted: Granted,
  { contactId, providerId }: KnownContact,
  { altId, text, attachments, fileFollows }: InboundPost & { attachments: string[] },
): Promise<PostOutcome & { kind: 'posted' }> {
  const provider = inboundProvider(deps.app.settings, providerId);
  const posted = await deps.app.ghl.addInboundMessage(access, {
    type: inboundType(provider),
    contactId,
    conversationProviderId: provider.id,
    message: text,
    altId,
    date: new Date(writtenAt(granted)).toISOString(),
    direction: directionOf(granted),
    attachments,
  });
  const { messageId: ghlMessageId, conversationId } = posted;
  return { kind: 'posted', ghlMessageId, contactId, conversationId: conversationId ?? null, fileFollows };
}

async function lookUp(
  deps: ActivityDeps,
  access: GhlAccess,
  granted: Granted,
  { altId, text }: InboundPost,
  contactId: string,
): Promise<string | null> {
  return await deps.app.ghl.findMessageByAltId(access, {
    locationId: granted.message.location_id,
    contactId,
    altId,
    direction: directionOf(granted),
    text: text === '' ? undefined : text,
    sinceMs: writtenAt(granted) - LOOK_BACK_MS,
    isOther: (id) => deps.app.store.messages.hasGhlMessage({ locationId: granted.message.location_id }, id),
  });
}

/** Epoch milliseconds, by WhatsApp's clock where it tells. */
function writtenAt({ message, content }: Granted): number {
  return content.at ?? message.accepted_at;
}

/** A contact that is gone at once each time is not made anew for ever: nobody without a number is found in GHL again. */
async function contactGone(deps: ActivityDeps, granted: Granted): Promise<DomainError> {
  const { tries } = granted.message;
  if (tries < MAKE_ANEW_TRIES) await resolveContactAnew(deps, granted);
  const retryAfterMs = tries === 0 ? 0 : tries < MAKE_ANEW_TRIES ? undefined : MEND_MS;
  return new DomainError('ghl_contact_gone', 'later', 'The contact is gone; it is found or made anew.', {
    retryAfterMs,
  });
}

function staleClaim(): DomainError {
  return new DomainError('stale_claim', 'later', 'The claim is too old to be posted on.', { retryAfterMs: 0 });
}

/** What was typed on the phone is shown as ours; GHL only logs it and delivers nothing (GHL's staff). */
function directionOf({ message }: Granted): 'inbound' | 'outbound' {
  return message.own === 1 ? 'outbound' : 'inbound';
}

function outcomeOf(error: DomainError, tries: number): PostOutcome {
  const waitMs = error.retryAfterMs ?? backoff(tries + 1);
  if (error.retry === 'ambiguous') return { kind: 'ambiguous', waitMs: LOOK_UP_AFTER_MS, code: error.code };
  if (error.retry === 'later') return { kind: 'later', waitMs, code: error.code };
  if (MENDABLE.has(error.code)) return { kind: 'later', waitMs: MEND_MS, code: error.code };
  return { kind: 'failed', code: error.code, text: reasonWords(error.code, error.message) };
}
