import type { StoreContext, Trx, WakeRef } from './context';
import { lockInstallation, type InstallationRow, type ResourceKind } from './installations/row';
import { wakeLocation } from './installations/wakes';
import { updateLocation } from './locations';
import { grantColumns, type Grant, type TokenRow } from './tokens';

/*
 * A renewal in two transactions, with nothing locked across the call to GHL between them. The version is compared in
 * both. The resource's id, a location's or a company's, is the tenant scope of these calls. Lock order: installation,
 * token, lanes.
 */

export interface RefreshBegun {
  kind: ResourceKind;
  /** Null where the pair came without one: only its company's token helps then. */
  refreshToken: string | null;
  /** Which try of this version this is, from 1. */
  attempt: number;
  /** Milliseconds since the first try of this version. */
  sinceFirstMs: number;
}

/**
 * First transaction of a renewal: notes the try. Null when the version is no longer the stored one (somebody has
 * renewed it already), or the token was erased.
 */
export async function beginRefresh(
  ctx: StoreContext,
  resourceId: string,
  version: number,
): Promise<RefreshBegun | null> {
  return await ctx.db.tx(async (trx) => {
    const row = await trx<TokenRow>('tokens').where({ resource_id: resourceId }).forUpdate().first();
    if (row?.version !== version || row.access_sealed === null) return null;
    const now = await ctx.db.now(trx);
    const startedAt = row.refresh_started_at ?? now;
    const attempt = row.refresh_attempts + 1;
    await trx('tokens')
      .where({ resource_id: resourceId })
      .update({ refresh_started_at: startedAt, refresh_attempts: attempt });
    const sealed = row.refresh_sealed;
    const refreshToken = sealed === null ? null : ctx.crypto.open(sealed, `tokens/${resourceId}/refresh`);
    return { kind: await kindOf(trx, resourceId), refreshToken, attempt, sinceFirstMs: now - startedAt };
  });
}

async function kindOf(trx: Trx, resourceId: string): Promise<ResourceKind> {
  const row = await trx<InstallationRow>('installations').where({ resource_id: resourceId }).first('kind');
  return row?.kind ?? 'location';
}

/**
 * Second transaction: compares the version and stores the pair; whoever was held for want of a token is held no longer.
 * Returns whom to wake; null: another pair was stored meanwhile, and stays, or the token was erased.
 */
export async function finishRefresh(
  ctx: StoreContext,
  resourceId: string,
  version: number,
  grant: Grant,
): Promise<WakeRef[] | null> {
  return await ctx.db.tx(async (trx) => {
    const installation = await lockInstallation(trx, resourceId);
    const columns = await grantColumns(ctx, trx, resourceId, grant);
    const changed = await trx('tokens')
      .where({ resource_id: resourceId, version })
      .whereNotNull('access_sealed')
      .update({ version: version + 1, ...columns });
    if (changed !== 1) return null;
    return installation === null ? [] : await release(ctx, trx, installation);
  });
}

/** Ends a hold that was there for want of a token. Returns whom to wake. */
async function release(ctx: StoreContext, trx: Trx, row: InstallationRow): Promise<WakeRef[]> {
  if (row.state !== 'suspended' && row.state !== 'reauth_required') return [];
  const change = {
    state: 'installed',
    state_since: await ctx.db.now(trx),
    reason: null,
    due_at: null,
    tries: 0,
  } as const;
  await trx<InstallationRow>('installations').where({ resource_id: row.resource_id }).update(change);
  if (row.kind === 'company') return [];
  const scope = { locationId: row.resource_id };
  await updateLocation(ctx, trx, scope, { state: 'installed' });
  return await wakeLocation(ctx, trx, scope);
}

/** The company through which a location can be reached, and how its own installation stands. */
export interface CompanyOf {
  companyId: string;
  state: InstallationRow['state'];
}

/** Returns the company that a location belongs to and that has installed the app itself, or null. */
export async function companyOf(ctx: StoreContext, resourceId: string): Promise<CompanyOf | null> {
  const company = await ctx.db
    .knex('installations as l')
    .join('installations as c', 'c.resource_id', 'l.company_id')
    .where({ 'l.resource_id': resourceId, 'l.kind': 'location', 'c.kind': 'company' })
    .first<CompanyOf | undefined>({ companyId: 'c.resource_id', state: 'c.state' });
  return company === undefined ? null : { ...company };
}
