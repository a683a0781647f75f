import { asDomainError, DomainError } from '../src/domain/errors';
import { present } from '../src/domain/present';
import type { GhlAccess } from '../src/ghl/access';
import { UPLOAD_MAX_BYTES, UPLOAD_TYPES } from '../src/ghl/uploads';
import type { OpenedMedia } from '../src/media/media';
import type { ClaimResult } from '../src/store/messages/claimResult';
import type { KnownContact } from '../src/store/contacts';
import type { ActivityDeps } from './deps';

type Granted = ClaimResult & { kind: 'granted' };

/** GHL may fail on one file for ever: after so many tries of its message it is hosted by us. */
const UPLOAD_TRIES = 4;

/** The call to GHL that follows has to be made within the claim. */
const OPEN_WAIT_MS = 10_000;
/** A kept file that this folder lacks may be away for as many tries of its message (five minutes): then it is lost. */
const OPEN_TRIES = 8;

/**
 * Returns the address from which GHL shows a message's file: in GHL's own storage where GHL takes it, else of ours, good
 * for MESSAGE_RETENTION_DAYS. Found out once and noted. Throws `file_lost` (later) when the kept file is gone: its post
 * says so then, `media_*` (later) while it is away, and GHL's errors that are worth a further try.
 */
export async function inboundFileAddress(
  deps: ActivityDeps,
  access: GhlAccess,
  granted: Granted,
  contact: KnownContact,
): Promise<string> {
  const { store } = deps.app;
  const { message, file } = granted;
  const known = present(file, 'the file of a post that brings one').address;
  if (known !== null) return known;
  const scope = { locationId: message.location_id };
  const opened = await openKept(deps, granted);
  const address =
    (await uploaded(deps, access, granted, contact, opened)) ??
    (await deps.app.media.lastingAddressOf(scope, opened.mediaId, opened.name));
  await store.inboundFiles.noteAddress(scope, message.id, address);
  return address;
}

async function openKept({ app }: ActivityDeps, { message }: Granted): Promise<OpenedMedia> {
  const scope = { locationId: message.location_id };
  try {
    return await app.media.openKept(scope, { messageId: message.id, n: 0 }, OPEN_WAIT_MS);
  } catch (thrown) {
    if (asDomainError(thrown).code !== 'not_found' && message.tries < OPEN_TRIES) throw thrown;
    throw await loseFile(app, message, 'media_gone');
  }
}

/**
 * Returns the error of a post that GHL refuses with its file: without it, it may take the words. An error of another
 * kind, or of a post without a file, is returned as it is.
 */
export async function refusedFile(
  { app }: ActivityDeps,
  { message }: Granted,
  attachments: string[],
  thrown: unknown,
): Promise<unknown> {
  if (attachments.length === 0 || asDomainError(thrown).code !== 'ghl_rejected') return thrown;
  app.logger.warn({ err: thrown, messageId: message.id }, 'GHL refuses a message with its file; its words go without');
  return await loseFile(app, message, 'ghl_rejected');
}

/** Its post says so from here on; it goes again at once. */
async function loseFile(
  { store }: ActivityDeps['app'],
  { id, location_id: locationId }: Granted['message'],
  reason: string,
): Promise<DomainError> {
  await store.inboundFiles.lose({ locationId }, id, reason);
  return new DomainError('file_lost', 'later', 'The file can not be shown any more.', { retryAfterMs: 0 });
}

/** Null: GHL does not take it. Which types and how much it takes changes without notice, so a refusal is no failure. */
async function uploaded(
  { app }: ActivityDeps,
  access: GhlAccess,
  { message }: Granted,
  { contactId, conversationId }: KnownContact,
  opened: OpenedMedia,
): Promise<string | null> {
  const { name, type, bytes } = opened;
  if (!UPLOAD_TYPES.has(type) || bytes > UPLOAD_MAX_BYTES || message.tries >= UPLOAD_TRIES) return null;
  const ids = { locationId: message.location_id, contactId };
  try {
    const upload = { ...ids, conversationId: conversationId ?? (await app.ghl.ensureConversation(access, ids)) };
    return await app.ghl.uploadFile(access, { ...upload, name, type, bytes, read: () => opened.read() });
  } catch (thrown) {
    const error = asDomainError(thrown);
    if (error.retry !== 'never' || error.code === 'ghl_contact_gone') throw error;
    app.logger.warn({ err: error, messageId: message.id }, 'GHL does not store a file that arrived; it is hosted here');
    return null;
  }
}
