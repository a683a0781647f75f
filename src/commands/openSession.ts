import type { App } from '../app';
import { hashSecret, randomSecret } from '../crypto/secrets';
import { openUserContext } from '../crypto/userContext';
import { DomainError } from '../domain/errors';
import type { Session } from '../store/sessions';

/** The page keeps its token in memory and gets another one from GHL's context whenever it is opened again. */
const LIFE_MS = 15 * 60_000;

/** The bearer token is told here once; the store has its hash. */
export interface SessionOpened extends Session {
  token: string;
}

/**
 * Exchanges the user context that GHL gave the page for a session of 15 minutes, once. Throws `setting_missing` (503),
 * and `user_context_refused` (401) for every other cause alike: unreadable, another app's, exchanged before, without a
 * location, not installed there. The log tells the operator which.
 */
export async function openSession(app: App, { payload }: { payload: string }): Promise<SessionOpened> {
  const { ghlSharedSecret } = app.settings;
  if (ghlSharedSecret === undefined) throw secretMissing();
  const context = openUserContext(payload, ghlSharedSecret);
  if (context === null) return refuse(app, 'unreadable');
  const { locationId, ...input } = context;
  const token = randomSecret();
  const opened = await app.store.sessions.open(
    { locationId },
    { ...input, tokenHash: hashSecret(token), lifeMs: LIFE_MS },
  );
  if (opened.kind !== 'opened') return refuse(app, opened.kind);
  const { userId, role } = opened.session;
  await app.store.audit.write({
    actor: 'ghl-user',
    action: 'session.open',
    locationId,
    subject: userId,
    detail: { role },
  });
  return { ...opened.session, token };
}

function refuse({ logger }: App, cause: 'unreadable' | 'spent' | 'not_live'): never {
  logger.info({ cause }, 'A user context was refused');
  const message = 'GHL did not vouch for this page. Open it anew from within a location that has the app installed.';
  throw new DomainError('user_context_refused', 'never', message, { status: 401 });
}

function secretMissing(): DomainError {
  const message = "Set GHL_SHARED_SECRET to the marketplace app's shared secret: without it nobody can sign in here.";
  return new DomainError('setting_missing', 'later', message, { status: 503 });
}
