import type { GatewayEndpoint } from '../channels/gateway';
import type { Address, Channel } from '../domain/address';
import { conflict, type DomainError } from '../domain/errors';
import { outboundLaneId, parkingLaneId } from '../domain/ids';
import { newId, type Scope, type StoreContext, type Trx, type WakeRef } from './context';
import { ensureLane, lockLane, wakeHead } from './lanes';
import { ensureLocation } from './locations';
import { addressKey } from './messages/codec';
import { txAfterRace } from './race';
import { changeLane } from './routing/changeLane';
import { connectionsOf } from './routing/facts';
import type { ConnectionRow, MessageRow } from './rows';
import { NO_ROTATION } from './webhookSecrets';

/** Returns how to reach a connection, its token in clear: for the adapter's eyes only. */
export function endpointOf(ctx: StoreContext, row: ConnectionRow): GatewayEndpoint {
  return {
    connectionId: row.id,
    baseUrl: row.base_url,
    instanceId: row.instance_id,
    dialect: row.dialect ?? undefined,
    token: ctx.crypto.open(row.token_sealed, `connections/${row.id}/token`),
  };
}

export interface ConnectInput {
  channel: Channel;
  gateway: string;
  baseUrl: string;
  instanceId: string;
  dialect?: GatewayEndpoint['dialect'];
  token: string;
  /** Part of the address to which the gateway posts; stored hashed, and sealed so that it can be registered again. */
  webhookSecret: string;
  webhookHash: string;
  number?: Address;
}

export interface Connected {
  connectionId: string;
  created: boolean;
  wakes: WakeRef[];
}

/**
 * Binds a gateway instance to a location (state `unverified` until the gateway confirms it) and moves what was parked
 * for the location into its lane, in order. The same instance again for the same location renews token and secret;
 * for another location: conflict `instance_taken`.
 */
export async function connect(ctx: StoreContext, scope: Scope, input: ConnectInput): Promise<Connected> {
  return await txAfterRace(ctx.db, (trx) => connectIn(ctx, trx, scope, input));
}

/** As `connect`, inside of a transaction that its caller runs again after a lost race. */
export async function connectIn(ctx: StoreContext, trx: Trx, scope: Scope, input: ConnectInput): Promise<Connected> {
  await ensureLocation(ctx, trx, scope);
  const now = await ctx.db.now(trx);
  const known = await findByInstance(ctx, trx, input);
  if (known !== undefined && known.location_id !== scope.locationId) throw instanceTaken();
  const id = known?.id ?? `conn-${newId(now)}`;
  const columns = secretColumns(ctx, id, input);
  const name = { id, now, ...instanceName(ctx, input) };
  if (known === undefined)
    await insertConnection(trx, scope, { ...name, channel: input.channel, baseUrl: input.baseUrl }, columns);
  else
    await trx('connections')
      .where({ id })
      .update({ ...columns, probe_due_at: now, trial_at: null, refusals: 0 });
  const wake = await routeParked(ctx, trx, scope, { id, channel: input.channel }, now);
  return { connectionId: id, created: known === undefined, wakes: wake === null ? [] : [wake] };
}

/** By what a gateway instance is known, whoever has it. */
type InstanceRef = Pick<ConnectInput, 'gateway' | 'baseUrl' | 'instanceId'>;

/** Returns the connection of a gateway instance, whichever location has it. */
export async function findByInstance(
  ctx: StoreContext,
  trx: Trx,
  instance: InstanceRef,
): Promise<ConnectionRow | undefined> {
  return await trx<ConnectionRow>('connections').where(instanceName(ctx, instance)).first();
}

/** Returns the columns that name a gateway instance. */
export function instanceName(
  ctx: StoreContext,
  { gateway, baseUrl, instanceId }: InstanceRef,
): Pick<ConnectionRow, 'gateway' | 'base_key' | 'instance_id'> {
  return { gateway, base_key: baseKey(ctx, baseUrl), instance_id: instanceId };
}

/** Returns the conflict of a second claim. */
export function instanceTaken(): DomainError {
  return conflict('instance_taken', 'This gateway instance belongs to another location. Use an instance of its own.');
}

/** A base address is compared by its keyed hash: one length, whatever the address. */
function baseKey(ctx: StoreContext, baseUrl: string): string {
  return ctx.crypto.index(`base|${baseUrl.replace(/\/+$/, '').toLowerCase()}`);
}

function secretColumns(ctx: StoreContext, id: string, input: ConnectInput): Partial<ConnectionRow> {
  const { number } = input;
  return {
    token_sealed: ctx.crypto.seal(input.token, `connections/${id}/token`),
    ...NO_ROTATION,
    webhook_hash: input.webhookHash,
    webhook_registered: 0,
    dialect: input.dialect ?? null,
    webhook_sealed: ctx.crypto.seal(input.webhookSecret, `connections/${id}/webhook`),
    ...(number === undefined
      ? {}
      : {
          address_sealed: ctx.crypto.seal(number.value, `connections/${id}/address`),
          address_key: addressKey(ctx.crypto, number),
        }),
  };
}

async function insertConnection(
  trx: Trx,
  scope: Scope,
  of: {
    id: string;
    now: number;
    gateway: string;
    base_key: string;
    instance_id: string;
    channel: Channel;
    baseUrl: string;
  },
  columns: Partial<ConnectionRow>,
): Promise<void> {
  const { id, now, channel, baseUrl, ...name } = of;
  await trx('connections').insert({
    id,
    location_id: scope.locationId,
    channel,
    ...name,
    base_url: baseUrl,
    ...columns,
    state: 'unverified',
    state_since: now,
    probe_due_at: now,
    announced_since: 0,
    created_at: now,
    settings: '{}',
  });
  await ensureLane(trx, { id: outboundLaneId(id), location_id: scope.locationId, kind: 'outbound', connection_id: id });
}

/**
 * Moves what is parked for a channel into the lane of its first connection, in sequence; both locks, parking first. Beside
 * others each message finds its own way.
 */
async function routeParked(
  ctx: StoreContext,
  trx: Trx,
  scope: Scope,
  { id: connectionId, channel }: Pick<ConnectionRow, 'id' | 'channel'>,
  now: number,
): Promise<WakeRef | null> {
  const parking = await lockLane(trx, parkingLaneId(scope.locationId));
  const others = (await connectionsOf(trx, scope)).filter((one) => one.channel === channel && one.id !== connectionId);
  if (others.length > 0) return await wakeHead(ctx, trx, parking.id, now);
  const lane = await lockLane(trx, outboundLaneId(connectionId));
  const parked = await trx<MessageRow>('messages')
    .where({ lane_id: parking.id, open: 1, channel })
    .orderBy('seq')
    .select('id');
  await changeLane(trx, parked, lane);
  return await wakeHead(ctx, trx, lane.id, now);
}

/** Returns a connection of the location, or null. */
export async function getConnection(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
): Promise<ConnectionRow | null> {
  const row = await ctx.db
    .knex<ConnectionRow>('connections')
    .where({ id: connectionId, location_id: scope.locationId })
    .first();
  return row ?? null;
}

/** Returns whether an address is the one that a connection was connected with. */
export function hasNumber(ctx: StoreContext, row: ConnectionRow, number: Address): boolean {
  return row.address_key === addressKey(ctx.crypto, number);
}

/** Returns the connections of a location that are this very number. */
export async function connectionsOfNumber(ctx: StoreContext, scope: Scope, number: Address): Promise<ConnectionRow[]> {
  const name = { location_id: scope.locationId, address_key: addressKey(ctx.crypto, number) };
  return await ctx.db.knex<ConnectionRow>('connections').where(name);
}

/** Notes which generation of the gateway's API a connection's host speaks, once it has answered in it. */
export async function learnDialect(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  dialect: NonNullable<ConnectionRow['dialect']>,
): Promise<void> {
  const name = { id: connectionId, location_id: scope.locationId };
  await ctx.db.knex<ConnectionRow>('connections').where(name).update({ dialect });
}

/** Returns how many messages wait on a connection of the location. */
export async function countWaiting(ctx: StoreContext, scope: Scope, connectionId: string): Promise<number> {
  // Whatever waits on it stands in its lane, and the lane's index knows what is open.
  const name = { location_id: scope.locationId, lane_id: outboundLaneId(connectionId), open: 1 };
  const row = await ctx.db.knex('messages').where(name).count<{ n: number | string }[]>({ n: '*' }).first();
  return Number(row?.n ?? 0);
}

/** Notes that the connection's workflow was told of its present state. */
export async function markAnnounced(ctx: StoreContext, scope: Scope, connectionId: string): Promise<void> {
  const name = { id: connectionId, location_id: scope.locationId };
  await ctx.db
    .knex('connections')
    .where(name)
    .update({ announced_since: ctx.db.knex.ref('state_since') });
}

/** Returns (at most 100) connections whose workflow was not told of their present state: a crash between. */
export async function unannounced(ctx: StoreContext): Promise<(Scope & { connectionId: string })[]> {
  const rows = await ctx.db.knex<ConnectionRow>('connections').whereRaw('announced_since <> state_since').limit(100);
  return rows.map((row) => ({ locationId: row.location_id, connectionId: row.id }));
}
