import type { StoreContext, Trx } from './context';

/** What GHL's token endpoint grants; `expiresInS` in seconds from now. */
export interface Grant {
  accessToken: string;
  refreshToken: string;
  expiresInS: number;
  scope: string;
}

export interface TokenRow {
  resource_id: string;
  version: number;
  access_sealed: string | null;
  refresh_sealed: string | null;
  expires_at: number | null;
  scope: string | null;
  refresh_started_at: number | null;
  refresh_attempts: number;
  updated_at: number;
}

export interface AccessToken {
  accessToken: string;
  version: number;
  /** Milliseconds until it expires; negative when it has. */
  expiresInMs: number;
  /** Milliseconds since it was stored. */
  ageMs: number;
}

/** A token row belongs to the location or company whose id it bears: the tenant scope of these calls. */
type ResourceId = string;

/** Stores a pair as the next version: first 1, never restarted. Returns the version. */
export async function storeGrant(ctx: StoreContext, trx: Trx, resourceId: ResourceId, grant: Grant): Promise<number> {
  const known = await trx<TokenRow>('tokens').where({ resource_id: resourceId }).forUpdate().first();
  const version = (known?.version ?? 0) + 1;
  const columns = await grantColumns(ctx, trx, resourceId, grant);
  if (known === undefined) await trx('tokens').insert({ resource_id: resourceId, version, ...columns });
  else
    await trx('tokens')
      .where({ resource_id: resourceId })
      .update({ version, ...columns });
  return version;
}

async function grantColumns(
  ctx: StoreContext,
  trx: Trx,
  resourceId: ResourceId,
  grant: Grant,
): Promise<Omit<TokenRow, 'resource_id' | 'version'>> {
  const now = await ctx.db.now(trx);
  return {
    access_sealed: ctx.crypto.seal(grant.accessToken, `tokens/${resourceId}/access`),
    refresh_sealed: ctx.crypto.seal(grant.refreshToken, `tokens/${resourceId}/refresh`),
    expires_at: now + grant.expiresInS * 1000,
    scope: grant.scope,
    refresh_started_at: null,
    refresh_attempts: 0,
    updated_at: now,
  };
}

/** Returns the location's or company's access token, or null when none is left. */
export async function readAccessToken(ctx: StoreContext, resourceId: ResourceId): Promise<AccessToken | null> {
  const row = await ctx.db.knex<TokenRow>('tokens').where({ resource_id: resourceId }).first();
  if (row?.access_sealed == null) return null;
  const now = await ctx.db.now();
  const accessToken = ctx.crypto.open(row.access_sealed, `tokens/${resourceId}/access`);
  return { accessToken, version: row.version, expiresInMs: (row.expires_at ?? 0) - now, ageMs: now - row.updated_at };
}

export interface RefreshBegun {
  refreshToken: string;
  /** Which try of this version this is, from 1. */
  attempt: number;
  /** Milliseconds since the first try of this version. */
  sinceFirstMs: number;
}

/**
 * First transaction of a refresh: notes the try. Null when the version is no longer the stored one (somebody has
 * refreshed it already) or nothing is left to refresh with. Nothing is locked across the call to GHL.
 */
export async function beginRefresh(
  ctx: StoreContext,
  resourceId: ResourceId,
  version: number,
): Promise<RefreshBegun | null> {
  return await ctx.db.tx(async (trx) => {
    const row = await trx<TokenRow>('tokens').where({ resource_id: resourceId }).forUpdate().first();
    if (row?.version !== version || row.refresh_sealed === null) return null;
    const now = await ctx.db.now(trx);
    const startedAt = row.refresh_started_at ?? now;
    const attempt = row.refresh_attempts + 1;
    await trx('tokens')
      .where({ resource_id: resourceId })
      .update({ refresh_started_at: startedAt, refresh_attempts: attempt });
    const refreshToken = ctx.crypto.open(row.refresh_sealed, `tokens/${resourceId}/refresh`);
    return { refreshToken, attempt, sinceFirstMs: now - startedAt };
  });
}

/** Second transaction: compares the version, stores the pair. False: another pair was stored meanwhile; it stays. */
export async function finishRefresh(
  ctx: StoreContext,
  resourceId: ResourceId,
  version: number,
  grant: Grant,
): Promise<boolean> {
  return await ctx.db.tx(async (trx) => {
    const columns = await grantColumns(ctx, trx, resourceId, grant);
    const changed = await trx('tokens')
      .where({ resource_id: resourceId, version })
      .update({ version: version + 1, ...columns });
    return changed === 1;
  });
}
