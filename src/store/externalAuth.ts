import type { GatewayEndpoint } from '../channels/gateway';
import type { Address } from '../domain/address';
import { INSTALL_WAIT_MS } from '../domain/gate';
import { findByInstance, instanceName, instanceTaken } from './connections';
import type { Scope, StoreContext, Trx } from './context';
import { ensureLocation } from './locations';
import { txAfterRace } from './race';
import type { ConnectionRow, ExternalAuthRow, LocationRow } from './rows';

/** A gateway instance and how to reach it, as a person typed it into GHL; in clear, for memory only. */
export interface ExternalCredentials {
  gateway: string;
  baseUrl: string;
  instanceId: string;
  token: string;
  number: Address;
  /** Absent: not known yet, the prober finds it out. */
  dialect?: GatewayEndpoint['dialect'];
}

/** `connect`: the location can have its connection now; `standing` is the one that it has for this instance. */
export type Kept = { kind: 'kept'; changed: boolean } | { kind: 'connect'; standing: ConnectionRow | null };

/**
 * Keeps the credentials of a location that is not installed yet, sealed, until its token comes; the same again changes
 * nothing, others take their place. An installed location's are not kept: they can be connected at once. Throws the
 * conflict `instance_taken` where another location has the instance, or has waited for it for less than a day.
 */
export async function keepCredentials(ctx: StoreContext, scope: Scope, given: ExternalCredentials): Promise<Kept> {
  return await txAfterRace(ctx.db, async (trx) => {
    await ensureLocation(ctx, trx, scope);
    // The install writes this row before it looks for what waits, so that one of the two always sees the other.
    const own = { location_id: scope.locationId };
    const location = await trx<LocationRow>('locations').where(own).forUpdate().first();
    const standing = (await findByInstance(ctx, trx, given)) ?? null;
    if (standing !== null && standing.location_id !== scope.locationId) throw instanceTaken();
    await yieldOldClaim(ctx, trx, scope, given);
    if (standing !== null || isInstalled(location)) return { kind: 'connect', standing };
    return { kind: 'kept', changed: await write(ctx, trx, scope, given) };
  });
}

/** A location that is suspended, or whose token was lost, is installed all the same. */
function isInstalled(location: LocationRow | undefined): boolean {
  return location !== undefined && location.state !== 'unknown' && location.state !== 'uninstalled';
}

/** A location that was named and never installed must not keep an instance from the one that uses it. */
async function yieldOldClaim(ctx: StoreContext, trx: Trx, scope: Scope, given: ExternalCredentials): Promise<void> {
  const claim = await trx<ExternalAuthRow>('external_auth_waiting').where(instanceName(ctx, given)).forUpdate().first();
  if (claim === undefined || claim.location_id === scope.locationId) return;
  if (claim.kept_at > (await ctx.db.now(trx)) - INSTALL_WAIT_MS) throw instanceTaken();
  await trx('external_auth_waiting').where({ location_id: claim.location_id }).delete();
}

/** Returns whether they differ from what was kept. */
async function write(ctx: StoreContext, trx: Trx, { locationId }: Scope, given: ExternalCredentials): Promise<boolean> {
  const own = { location_id: locationId };
  const known = await trx<ExternalAuthRow>('external_auth_waiting').where(own).forUpdate().first();
  if (known !== undefined && isSame(openCredentials(ctx, known), given)) return false;
  const columns = {
    ...instanceName(ctx, given),
    base_url: given.baseUrl,
    dialect: given.dialect ?? null,
    token_sealed: ctx.crypto.seal(given.token, `external_auth_waiting/${locationId}/token`),
    number_sealed: ctx.crypto.seal(given.number.value, `external_auth_waiting/${locationId}/number`),
    kept_at: await ctx.db.now(trx),
  };
  if (known === undefined) await trx('external_auth_waiting').insert({ ...own, ...columns });
  else await trx<ExternalAuthRow>('external_auth_waiting').where(own).update(columns);
  return true;
}

/** A gateway that can not be reached now tells no dialect: what it told before stays. */
function isSame(kept: ExternalCredentials, given: ExternalCredentials): boolean {
  const sameDialect = given.dialect === undefined || given.dialect === kept.dialect;
  const same = (['gateway', 'baseUrl', 'instanceId', 'token'] as const).every((name) => kept[name] === given[name]);
  return same && sameDialect && kept.number.value === given.number.value;
}

/** Returns a row's credentials in clear. */
export function openCredentials(ctx: StoreContext, row: ExternalAuthRow): ExternalCredentials {
  const identity = `external_auth_waiting/${row.location_id}`;
  return {
    gateway: row.gateway,
    baseUrl: row.base_url,
    instanceId: row.instance_id,
    token: ctx.crypto.open(row.token_sealed, `${identity}/token`),
    number: { channel: 'whatsapp', value: ctx.crypto.open(row.number_sealed, `${identity}/number`) },
    dialect: row.dialect ?? undefined,
  };
}
