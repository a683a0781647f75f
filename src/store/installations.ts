import { conflict } from '../domain/errors';
import type { LocationState } from '../domain/gate';
import { DAILY_MS, grantTime } from '../domain/installation';
import type { Scope, StoreContext, Trx, WakeRef } from './context';
import { bindWaiting } from './externalAuthBind';
import {
  ensureInstallation,
  heardOf,
  hear,
  lockInstallation,
  type InstallationRow,
  type Resource,
} from './installations/row';
import { wakeLanes, wakeLocation } from './installations/wakes';
import { updateLocation } from './locations';
import { txAfterRace } from './race';
import { storeGrant, type Grant, type TokenRow } from './tokens';

export interface InstallInput {
  companyId: string | null;
  grant: Grant;
  /** When the exchange that gave the grant was begun, by the store's clock; now when absent. */
  begunAt?: number;
}

/**
 * Stores a location's installation and its tokens in one transaction; what waited for the install is woken, and what
 * ended while there was no token to tell GHL with. Returns the token's version (it never restarts, also across a
 * reinstall) and whom to wake. Throws `uninstalled_meanwhile` (409) when it was uninstalled since the exchange began.
 */
export async function installLocation(
  ctx: StoreContext,
  scope: Scope,
  input: InstallInput,
): Promise<{ version: number; wakes: WakeRef[] }> {
  return await txAfterRace(ctx.db, async (trx) => {
    const version = await grantTo(ctx, trx, { resourceId: scope.locationId, kind: 'location' }, input);
    return { version, wakes: await wakeLocation(ctx, trx, scope) };
  });
}

/**
 * Stores a company's installation and its tokens; a walk through its locations begins, and those that are announced
 * already are due. Returns the token's version. Throws `uninstalled_meanwhile`.
 */
export async function installCompany(
  ctx: StoreContext,
  companyId: string,
  input: Omit<InstallInput, 'companyId'>,
): Promise<{ version: number }> {
  return await txAfterRace(ctx.db, async (trx) => {
    const version = await grantTo(ctx, trx, { resourceId: companyId, kind: 'company' }, { ...input, companyId });
    await trx<InstallationRow>('installations')
      .where({ resource_id: companyId })
      .update({ walk_skip: 0, walk_count: null });
    await trx<InstallationRow>('installations')
      .where({ company_id: companyId, kind: 'location' })
      .whereIn('state', ['pending', 'reauth_required', 'suspended'])
      .update({ due_at: await ctx.db.now(trx), tries: 0 });
    return { version };
  });
}

/**
 * Stores the tokens that a location's company gave for it. Null: it was uninstalled, got tokens of its own, or went to
 * another company meanwhile; these are dropped then. Returns whom to wake.
 */
export async function installFromCompany(
  ctx: StoreContext,
  scope: Scope,
  input: InstallInput,
): Promise<{ wakes: WakeRef[] } | null> {
  return await txAfterRace(ctx.db, async (trx) => {
    const row = await lockInstallation(trx, scope.locationId);
    if (row === null || row.state === 'installed' || row.state === 'uninstalled') return null;
    if (row.company_id !== null && row.company_id !== input.companyId) return null;
    await grantTo(ctx, trx, { resourceId: scope.locationId, kind: 'location' }, input);
    return { wakes: await wakeLocation(ctx, trx, scope) };
  });
}

async function grantTo(ctx: StoreContext, trx: Trx, resource: Resource, input: InstallInput): Promise<number> {
  const row = await ensureInstallation(ctx, trx, resource, input.companyId);
  const begunAt = input.begunAt ?? (await ctx.db.now(trx));
  if (row.uninstall_at !== null && row.state === 'uninstalled' && row.state_since > begunAt) throw undone();
  const grantedAt = grantTime(begunAt, heardOf(row));
  const company = { id: input.companyId, source: 'grant' as const };
  await hear(ctx, trx, row, { grantedAt }, { granted: true, company });
  const version = await storeGrant(ctx, trx, resource.resourceId, input.grant);
  if (resource.kind === 'location') await bindWaiting(ctx, trx, { locationId: resource.resourceId });
  return version;
}

function undone(): Error {
  return conflict('uninstalled_meanwhile', 'The app was uninstalled again while it was being installed.');
}

/** What of a row says that nothing was heard of it since: neither an UNINSTALL, nor tokens, nor another company. */
type Standing = Pick<InstallationRow, 'state' | 'state_since' | 'company_id' | 'granted_at'>;

/**
 * Puts a location into another state (suspended, reauth_required, back to installed); with `begun`, only while it
 * stands as it did when that row was read. Returns whom to wake.
 */
export async function setLocationState(
  ctx: StoreContext,
  scope: Scope,
  state: Exclude<LocationState, 'unknown'>,
  reason: string | null,
  begun?: Standing,
): Promise<WakeRef[]> {
  return await txAfterRace(ctx.db, async (trx) => {
    if (begun !== undefined && !standsAs(await lockInstallation(trx, scope.locationId), begun)) return [];
    await overlay(ctx, trx, scope.locationId, state, reason);
    return state === 'installed' ? await wakeLanes(ctx, trx, scope) : [];
  });
}

function standsAs(row: Standing | null, begun: Standing): boolean {
  const { state, state_since, company_id, granted_at } = begun;
  return (
    row?.state === state &&
    row.state_since === state_since &&
    row.company_id === company_id &&
    row.granted_at === granted_at
  );
}

/**
 * Holds a location or company because one version of its token was refused, unless another pair has been stored since.
 * Returns whether it is held now.
 */
export async function holdForToken(
  ctx: StoreContext,
  scope: Scope,
  tokenVersion: number,
  state: 'suspended' | 'reauth_required',
  reason: string,
): Promise<boolean> {
  return await txAfterRace(ctx.db, async (trx) => {
    await lockInstallation(trx, scope.locationId);
    const token = await trx<TokenRow>('tokens').where({ resource_id: scope.locationId }).forUpdate().first();
    if (token?.version !== tokenVersion) return false;
    await overlay(ctx, trx, scope.locationId, state, reason);
    return true;
  });
}

/** A suspended one is tried again daily; all others wait for somebody. */
async function overlay(
  ctx: StoreContext,
  trx: Trx,
  resourceId: string,
  state: Exclude<LocationState, 'unknown'>,
  reason: string | null,
): Promise<void> {
  const row = await ensureInstallation(ctx, trx, { resourceId, kind: 'location' }, null);
  const now = await ctx.db.now(trx);
  const since = row.state === state ? row.state_since : now;
  await trx<InstallationRow>('installations')
    .where({ resource_id: resourceId })
    .update({ state, reason, state_since: since, due_at: state === 'suspended' ? now + DAILY_MS : null, tries: 0 });
  if (row.kind === 'location') await updateLocation(ctx, trx, { locationId: resourceId }, { state });
}
