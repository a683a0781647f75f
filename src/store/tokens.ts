import { renewAt } from '../domain/tokenRefresh';
import type { StoreContext, Trx } from './context';

/** What GHL's token endpoint grants; `expiresInS` in seconds from now. */
export interface Grant {
  accessToken: string;
  /** Absent where a company's token gave none with the location's: that is minted anew when its time comes. */
  refreshToken?: string;
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
  /** When its renewal is due, or is begun again where it did not end. */
  renew_at: number | null;
}

export interface AccessToken {
  accessToken: string;
  version: number;
  /** Milliseconds until it expires; negative when it has. */
  expiresInMs: number;
  /** Milliseconds since it was stored. */
  ageMs: number;
  /** Milliseconds since the first try to renew it; null: none yet. */
  renewingForMs: number | null;
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

/** Returns the columns of a pair that is stored now; `expires_at` by the database's clock, for GHL gives a life only. */
export async function grantColumns(
  ctx: StoreContext,
  trx: Trx,
  resourceId: ResourceId,
  grant: Grant,
): Promise<Omit<TokenRow, 'resource_id' | 'version'>> {
  const now = await ctx.db.now(trx);
  const expiresAt = now + grant.expiresInS * 1000;
  const { accessToken, refreshToken } = grant;
  return {
    access_sealed: ctx.crypto.seal(accessToken, `tokens/${resourceId}/access`),
    refresh_sealed: refreshToken === undefined ? null : ctx.crypto.seal(refreshToken, `tokens/${resourceId}/refresh`),
    expires_at: expiresAt,
    scope: grant.scope,
    refresh_started_at: null,
    refresh_attempts: 0,
    updated_at: now,
    renew_at: renewAt({ storedAt: now, expiresAt }, ctx.random()),
  };
}

/** Returns the location's or company's access token, or null when none is left. */
export async function readAccessToken(ctx: StoreContext, resourceId: ResourceId): Promise<AccessToken | null> {
  const row = await ctx.db.knex<TokenRow>('tokens').where({ resource_id: resourceId }).first();
  if (row?.access_sealed == null) return null;
  const now = await ctx.db.now();
  const startedAt = row.refresh_started_at;
  return {
    accessToken: ctx.crypto.open(row.access_sealed, `tokens/${resourceId}/access`),
    version: row.version,
    expiresInMs: (row.expires_at ?? 0) - now,
    ageMs: now - row.updated_at,
    renewingForMs: startedAt === null ? null : now - startedAt,
  };
}
