import type { LocationState } from '../domain/gate';
import type { Scope, StoreContext, Trx } from './context';
import { isDuplicate } from './db';
import type { LocationRow } from './rows';

/** Somebody who looks at our page inside GHL; an `admin` may change settings, a `user` may read them. */
export interface Session extends Scope {
  companyId: string;
  /** GHL's id of the person. */
  userId: string;
  role: 'admin' | 'user';
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface SessionInput extends Omit<Session, 'locationId' | 'expiresAt'> {
  /** Names the user context that is exchanged. */
  fingerprint: string;
  tokenHash: string;
  lifeMs: number;
}

/** `spent`: its user context was exchanged before. `not_live`: the location is no live installation of that company. */
export type OpenedSession = { kind: 'opened'; session: Session } | { kind: 'spent' | 'not_live' };

interface SessionRow {
  token_hash: string;
  location_id: string;
  company_id: string;
  user_id: string;
  role: Session['role'];
  created_at: number;
  expires_at: number;
}

/** States in which a location has the app: one that lost its access too, for the page says how to reconnect it. */
const LIVE: readonly LocationState[] = ['installed', 'suspended', 'reauth_required'];
const BATCH = 500;

/**
 * Exchanges a user context for a session, once: context and session are written in one transaction. A context that is
 * refused stays unspent, for nobody got anything for it.
 */
export async function openSession(ctx: StoreContext, scope: Scope, input: SessionInput): Promise<OpenedSession> {
  const { fingerprint, tokenHash, companyId, userId, role, lifeMs } = input;
  try {
    return await ctx.db.tx(async (trx): Promise<OpenedSession> => {
      if (!(await isLive(trx, scope, companyId))) return { kind: 'not_live' };
      const now = await ctx.db.now(trx);
      await trx('spent_contexts').insert({ fingerprint, location_id: scope.locationId, spent_at: now });
      const session = { locationId: scope.locationId, companyId, userId, role, expiresAt: now + lifeMs };
      await trx<SessionRow>('sessions').insert({
        token_hash: tokenHash,
        location_id: scope.locationId,
        company_id: companyId,
        user_id: userId,
        role,
        created_at: now,
        expires_at: session.expiresAt,
      });
      return { kind: 'opened', session };
    });
  } catch (error) {
    // The first key that can be taken is the fingerprint's: a token is 256 random bits.
    if (isDuplicate(error)) return { kind: 'spent' };
    throw error;
  }
}

async function isLive(trx: Trx, { locationId }: Scope, companyId: string): Promise<boolean> {
  const name = { location_id: locationId, company_id: companyId };
  const location = await trx<LocationRow>('locations').where(name).whereIn('state', LIVE).first('location_id');
  return location !== undefined;
}

/**
 * Returns the session of a token's hash, or null: unknown, over, or its location is no live installation of its
 * company any more. Whoever asks has no scope: this is where it comes from.
 */
export async function findSession(ctx: StoreContext, tokenHash: string): Promise<Session | null> {
  const row = await ctx.db
    .knex('sessions as s')
    .join<LocationRow>('locations as l', 'l.location_id', 's.location_id')
    .where('s.token_hash', tokenHash)
    .where('s.expires_at', '>', await ctx.db.now())
    .whereIn('l.state', LIVE)
    .whereRaw('l.company_id = s.company_id')
    .first<SessionRow | undefined>('s.*');
  if (row === undefined) return null;
  const { location_id: locationId, company_id: companyId, user_id: userId, role, expires_at: expiresAt } = row;
  return { locationId, companyId, userId, role, expiresAt };
}

/** Ends all sessions of a location, in the transaction that takes the app or the company away from it. */
export async function endSessions(trx: Trx, { locationId }: Scope): Promise<void> {
  await trx<SessionRow>('sessions').where({ location_id: locationId }).delete();
}

/**
 * Deletes sessions that are over, and what is remembered of contexts exchanged over `spentForMs` ago; at most 500 of
 * each, of all locations. Returns how many.
 */
export async function expireSessions(ctx: StoreContext, spentForMs: number): Promise<number> {
  const now = await ctx.db.now();
  const over = ctx.db.knex('sessions').where('expires_at', '<=', now).orderBy('expires_at').limit(BATCH);
  const tokens = await over.pluck<string[]>('token_hash');
  const old = ctx.db
    .knex('spent_contexts')
    .where('spent_at', '<', now - spentForMs)
    .orderBy('spent_at')
    .limit(BATCH);
  const contexts = await old.pluck<string[]>('fingerprint');
  await ctx.db.knex('sessions').whereIn('token_hash', tokens).delete();
  await ctx.db.knex('spent_contexts').whereIn('fingerprint', contexts).delete();
  return tokens.length + contexts.length;
}
