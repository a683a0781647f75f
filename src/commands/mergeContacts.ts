import type { App } from '../app';
import { asDomainError, DomainError } from '../domain/errors';
import type { GhlAccess } from '../ghl/access';
import type { DueMerge } from '../store/identityMerges';
import type { GhlTokens } from './tellPeople';

type MergeApp = Pick<App, 'store' | 'ghl' | 'starter' | 'logger'>;

/** How soon it is looked again whether all messages stand with the other contact. */
const LOOK_MS = 2_000;
/** While GHL, or our access to it, is away: longer each time. Messages go to the right contact all the same. */
const RETRY_MS = { first: 2_000, longest: 3_600_000 };

/**
 * Brings the contact that was made for a hidden identity together with its phone number, a step at a time: it gets the
 * number where no other contact has it. Otherwise its messages are posted once more to that other contact, and its
 * conversation is deleted when nothing else is in it; GHL has no merge in its API. Safe to repeat. Never throws.
 */
export async function mergeContacts(app: MergeApp, tokens: GhlTokens, merge: DueMerge): Promise<void> {
  try {
    const { access, version } = await tokens.accessOf(merge.locationId);
    try {
      await (merge.moving ? finishMove(app, access, merge) : begin(app, access, merge));
    } catch (thrown) {
      if (!isCode(thrown, 'ghl_unauthorized')) throw thrown;
      await tokens.renewRefused(merge.locationId, version);
    }
  } catch (thrown) {
    await tryLater(app, merge, asDomainError(thrown));
  }
}

async function begin(app: MergeApp, access: GhlAccess, merge: DueMerge): Promise<void> {
  const { locationId, identityId, phone, hidden, known } = merge;
  const found =
    known?.contactId ?? (await app.ghl.findContact(access, { locationId, phone: phone.value })) ?? hidden.contactId;
  const other =
    found === hidden.contactId ? await app.ghl.setContactPhone(access, hidden.contactId, phone.value) : found;
  if (other === null || other === hidden.contactId) {
    return await app.store.identities.finishMerge(merge, identityId, hidden);
  }
  await rememberAs(app, merge, other);
  await move(app, merge);
  await lookAgain(app, merge);
}

/** Returns whether messages stood with the hidden identity's contact; they are on their way to the other one now. */
async function move({ store, starter }: MergeApp, { hidden, identityId, ...scope }: DueMerge): Promise<boolean> {
  const wakes = await store.identities.beginMove(scope, identityId, hidden.contactId);
  await starter.wake(wakes);
  return wakes.length > 0;
}

async function lookAgain({ store }: MergeApp, merge: DueMerge): Promise<void> {
  await store.identities.postponeMerge(merge, merge.identityId, { ms: LOOK_MS, tries: 0 });
}

/** Whatever was remembered: what is posted from now on goes to the contact that has the number in GHL. */
async function rememberAs({ store }: MergeApp, merge: DueMerge, contactId: string): Promise<void> {
  const contact = { contactId, conversationId: null, providerId: null };
  await store.contacts.remember(merge, store.contacts.keyOf(merge.phone), contact);
}

async function finishMove(app: MergeApp, access: GhlAccess, merge: DueMerge): Promise<void> {
  const { identities } = app.store;
  // The other contact has gone, and this one is the number's after all: it would be moved to itself for ever.
  if (merge.known?.contactId === merge.hidden.contactId) {
    return await identities.finishMerge(merge, merge.identityId, null);
  }
  const { open, gatewayIds } = await identities.readMove(merge, merge.identityId);
  // A post that was under way when the move began has ended with the hidden identity's contact.
  if (open > 0 || (await move(app, merge))) return await lookAgain(app, merge);
  await deleteEmptied(app, access, merge, new Set(gatewayIds));
  await identities.finishMerge(merge, merge.identityId, null);
}

/** Only what stands elsewhere by now is deleted: a note, a call or an agent's words keep the conversation. */
async function deleteEmptied(
  { ghl }: MergeApp,
  access: GhlAccess,
  { locationId, hidden }: DueMerge,
  moved: ReadonlySet<string>,
): Promise<void> {
  const conversationId = await ghl.findConversation(access, { locationId, contactId: hidden.contactId });
  const listed = conversationId === null ? null : await ghl.listConversation(access, conversationId);
  if (conversationId === null || listed === null) return;
  if (listed.every(({ altId }) => altId !== undefined && moved.has(messageOf(altId)))) {
    await ghl.deleteConversation(access, conversationId);
  }
}

/** A file that came behind its words carries their id and a mark. */
function messageOf(altId: string): string {
  return altId.replace(/:file$/, '');
}

async function tryLater({ store, logger }: MergeApp, merge: DueMerge, error: DomainError): Promise<void> {
  const { locationId, identityId, tries } = merge;
  if (error.code === 'ghl_contact_gone') return await store.identities.finishMerge(merge, identityId, null);
  if (error.retry === 'never' && error.code !== 'no_token') {
    logger.warn({ err: error, locationId }, 'Two contacts of one person could not be brought together');
    return await store.identities.finishMerge(merge, identityId, null);
  }
  const ms = Math.max(error.retryAfterMs ?? 0, Math.min(RETRY_MS.first * 2 ** tries, RETRY_MS.longest));
  await store.identities.postponeMerge(merge, identityId, { ms, tries: tries + 1 });
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof DomainError && thrown.code === code;
}
