import type { Knex } from 'knex';
import type { LocationState } from '../domain/gate';
import type { Scope, StoreContext, Trx, WakeRef } from './context';
import { lockLane, wakeHead, wakeRefOf } from './lanes';
import { updateLocation } from './locations';
import { txAfterRace } from './race';
import type { LaneDbRow, MessageRow } from './rows';
import { storeGrant, type Grant, type TokenRow } from './tokens';

export interface InstallationRow {
  resource_id: string;
  kind: 'location' | 'company';
  state: LocationState;
  state_since: number;
  reason: string | null;
  company_id: string | null;
  created_at: number;
}

export interface InstallInput {
  companyId: string | null;
  grant: Grant;
}

/**
 * Stores a location's installation and its tokens in one transaction; what waited for the install is woken, and what
 * ended while there was no token to tell GHL with.
 * Returns the token's version (it never restarts, also across a reinstall) and whom to wake.
 */
export async function installLocation(
  ctx: StoreContext,
  scope: Scope,
  input: InstallInput,
): Promise<{ version: number; wakes: WakeRef[] }> {
  return await txAfterRace(ctx.db, async (trx) => {
    await putInstallation(ctx, trx, scope, 'installed', null, input.companyId);
    await updateLocation(ctx, trx, scope, { state: 'installed', companyId: input.companyId });
    const version = await storeGrant(ctx, trx, scope.locationId, input.grant);
    return { version, wakes: [...(await wakeLanes(ctx, trx, scope)), ...(await wakeUntold(ctx, trx, scope))] };
  });
}

/** Puts a location into another state (suspended, reauth_required, back to installed). Returns whom to wake. */
export async function setLocationState(
  ctx: StoreContext,
  scope: Scope,
  state: LocationState,
  reason: string | null,
): Promise<WakeRef[]> {
  return await txAfterRace(ctx.db, async (trx) => {
    await putInstallation(ctx, trx, scope, state, reason, null);
    await updateLocation(ctx, trx, scope, { state });
    return state === 'installed' ? await wakeLanes(ctx, trx, scope) : [];
  });
}

/**
 * Holds a location because one version of its token was refused, unless another pair has been stored since. Returns
 * whether it is held now.
 */
export async function holdForToken(
  ctx: StoreContext,
  scope: Scope,
  tokenVersion: number,
  state: LocationState,
  reason: string,
): Promise<boolean> {
  return await txAfterRace(ctx.db, async (trx) => {
    const token = await trx<TokenRow>('tokens').where({ resource_id: scope.locationId }).forUpdate().first();
    if (token?.version !== tokenVersion) return false;
    await putInstallation(ctx, trx, scope, state, reason, null);
    await updateLocation(ctx, trx, scope, { state });
    return true;
  });
}

async function putInstallation(
  ctx: StoreContext,
  trx: Trx,
  scope: Scope,
  state: LocationState,
  reason: string | null,
  companyId: string | null,
): Promise<void> {
  const now = await ctx.db.now(trx);
  const known = await trx<InstallationRow>('installations').where({ resource_id: scope.locationId }).first();
  if (known === undefined) {
    const row: InstallationRow = {
      resource_id: scope.locationId,
      kind: 'location',
      state,
      state_since: now,
      reason,
      company_id: companyId,
      created_at: now,
    };
    await trx<InstallationRow>('installations').insert(row);
    return;
  }
  await trx<InstallationRow>('installations')
    .where({ resource_id: scope.locationId })
    .update({
      state,
      reason,
      state_since: known.state === state ? known.state_since : now,
      company_id: companyId ?? known.company_id,
    });
}

async function wakeLanes(ctx: StoreContext, trx: Trx, scope: Scope): Promise<WakeRef[]> {
  // Found without locks, then locked by their key, parking first: a locking search would wait for others' lanes too.
  const parkingFirst = [{ column: 'kind', order: 'desc' as const }, { column: 'id' }];
  const waiting = trx<MessageRow>('messages').where({ location_id: scope.locationId, open: 1 }).select('lane_id');
  const lanes = await trx<LaneDbRow>('lanes').whereIn('id', waiting).orderBy(parkingFirst);
  for (const lane of lanes) await lockLane(trx, lane.id);
  const now = await ctx.db.now(trx);
  const wakes: WakeRef[] = [];
  for (const lane of lanes) {
    const wake = await wakeHead(trx, lane.id, now);
    if (wake !== null) wakes.push(wake);
  }
  return wakes;
}

/** Returns every installation: the operator's view across all locations. */
export async function listInstallations(ctx: StoreContext): Promise<InstallationRow[]> {
  return await ctx.db.knex<InstallationRow>('installations').orderBy('resource_id');
}

/** So many are woken at once; the sweeper finds the others by their mark. */
const UNTOLD_AT_ONCE = 200;

/** Marks every message of which GHL knows less than the ledger; while no token was left it could not be told. */
async function wakeUntold(ctx: StoreContext, trx: Trx, scope: Scope): Promise<WakeRef[]> {
  const untold = (): Knex.QueryBuilder<MessageRow> =>
    trx<MessageRow>('messages')
      .where({ location_id: scope.locationId, direction: 'outbound', open: 0, tell_due_at: null })
      .whereNotNull('ghl_message_id')
      .whereIn('state', ['failed', 'cancelled', 'unknown', 'delivered', 'read'])
      .whereNot({ told: 'failed' })
      .whereRaw('told <> state');
  const rows = (await untold().orderBy('accepted_at').limit(UNTOLD_AT_ONCE)) as MessageRow[];
  await untold().update({ tell_due_at: await ctx.db.now(trx) });
  return rows.map((row) => ({ ...wakeRefOf(row), claimed: true }));
}
