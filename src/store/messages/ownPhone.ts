import { lidOf, type Address, type Channel } from '../../domain/address';
import type { Content } from '../../domain/content';
import { outboundLaneId } from '../../domain/ids';
import { leaseMs } from '../../domain/lane/lease';
import { inboundParts } from '../../domain/parts';
import type { Scope, StoreContext, Trx, WakeRef } from '../context';
import { ownConnection } from '../find';
import { findIdentity, phoneOf } from '../identities';
import { lockLane } from '../lanes';
import type { ConnectionRow, EchoRow, LaneDbRow, PartRow } from '../rows';
import { acceptInboundIn } from './acceptInbound';
import type { Accepted } from './acceptedRow';
import { addressKey } from './codec';
import { doubtDeadClaims } from './deadClaims';
import { matchEchoes } from './echoes';

/** An echo that waits for a send to end is looked at again after this. */
const LOOK_MS = 1_000;
/** One that could not be looked at holds up nobody behind it. */
const RETRY_MS = 20_000;
const BATCH = 100;

/** What became of an echo that no part had claimed. */
export interface OwnTaken {
  /** The message that it became; null: it proves a part, or waits, or is settled already. */
  accepted: Accepted | null;
  wakes: WakeRef[];
}

/** Returns (at most 100) echoes that nobody has claimed and that are due for a look, and puts off their next one. */
export async function dueOwn(ctx: StoreContext): Promise<(Scope & { connectionId: string; gatewayId: string })[]> {
  const now = await ctx.db.now();
  const due = ctx.db.knex<EchoRow>('echoes').where('due_at', '<=', now).orderBy('due_at').limit(BATCH);
  const rows = await due.select('id', 'location_id', 'connection_id', 'gateway_id');
  const ids = rows.map(({ id }) => id);
  const put = ctx.db.knex<EchoRow>('echoes').whereIn('id', ids).where('due_at', '<=', now);
  if (ids.length > 0) await put.update({ due_at: now + RETRY_MS });
  return rows.map((row) => ({
    locationId: row.location_id,
    connectionId: row.connection_id,
    gatewayId: row.gateway_id,
  }));
}

/**
 * Looks at a message that the connection sent and that no part has claimed. While a send that may turn out to be it is
 * unfinished it waits, at most the gateway's timeout and UNKNOWN_WAIT_MS; then somebody typed it on the phone, and it
 * becomes a message to be posted to GHL. From then on it proves no part. Safe to repeat. Throws not_found for another
 * location's connection.
 */
export async function takeOwn(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  gatewayId: string,
): Promise<OwnTaken> {
  const name = { connection_id: connectionId, gateway_id: gatewayId };
  // Nearly all are echoes of our own sends, proved already: they cost no lock.
  const seen = await ctx.db
    .knex<EchoRow>('echoes')
    .where({ ...name, location_id: scope.locationId })
    .first();
  if (seen !== undefined && isSettled(seen)) return { accepted: null, wakes: [] };
  return await ctx.db.tx(async (trx) => {
    const connection = await ownConnection(trx, scope, connectionId);
    const lane = await lockLane(trx, outboundLaneId(connectionId));
    const echo = await trx<EchoRow>('echoes').where(name).first();
    if (echo === undefined || isSettled(echo)) return { accepted: null, wakes: [] };
    const now = await ctx.db.now(trx);
    const to = await receiverOf(ctx, trx, scope, connection, echo);
    const key = addressKey(ctx.crypto, to);
    await doubtDeadClaims(ctx, trx, connectionId, key, now);
    const wakes = await matchEchoes(ctx, trx, connectionId, key, now);
    const proved = await trx<EchoRow>('echoes').where({ id: echo.id }).whereNotNull('part_id').first('id');
    if (proved !== undefined) return { accepted: null, wakes };
    // What is shown as typed already brings its file after it.
    if (echo.own === 0 && (await mayBeOurs(ctx, trx, lane, echo, to, now))) {
      await trx<EchoRow>('echoes')
        .where({ id: echo.id })
        .update({ due_at: now + LOOK_MS });
      return { accepted: null, wakes };
    }
    return { accepted: await becomeMessage(ctx, trx, connection, echo, to), wakes };
  });
}

function isSettled(echo: EchoRow): boolean {
  return echo.part_id !== null || echo.due_at === null || echo.address_sealed === null;
}

/** Returns whom an echo went to: by now the number of a hidden identity may be known, which the echo then gets. */
async function receiverOf(
  ctx: StoreContext,
  trx: Trx,
  scope: Scope,
  { id: connectionId, channel }: ConnectionRow,
  echo: EchoRow,
): Promise<Address> {
  const named = openReceiver(ctx, channel, echo);
  const lid = lidOf(named);
  const identity = lid === null ? undefined : await findIdentity(trx, ctx, scope, connectionId, lid);
  if (identity === undefined) return named;
  const phone = phoneOf(ctx, identity);
  const address_sealed = ctx.crypto.seal(phone.value, `echoes/${echo.id}/address`);
  await trx<EchoRow>('echoes').where({ id: echo.id }).update({ address_key: identity.address_key, address_sealed });
  return phone;
}

function openReceiver({ crypto }: StoreContext, channel: Channel, { id, address_sealed: sealed }: EchoRow): Address {
  return { channel, value: crypto.open(sealed ?? '', `echoes/${id}/address`) };
}

/**
 * Returns whether a send that began before the echo came may still turn out to be it: one in flight, to whomever, for
 * its account may have a second number; or, for a while, one without a clear answer, to that address, or to anybody as
 * long as only a hidden identity is known. One in flight ends with its gateway call; where its process died, its lease
 * ends, and it is in doubt no less.
 */
async function mayBeOurs(
  ctx: StoreContext,
  trx: Trx,
  lane: LaneDbRow,
  echo: EchoRow,
  to: Address,
  now: number,
): Promise<boolean> {
  const { gatewayTimeoutMs, unknownWaitMs } = ctx.timings;
  const leasedUntil = lane.lease_until ?? 0;
  if (leasedUntil > now && leasedUntil - leaseMs(gatewayTimeoutMs) <= echo.received_at) return true;
  const held = echo.received_at + gatewayTimeoutMs + unknownWaitMs > now;
  return held && (await inDoubt(ctx, trx, lane, echo, to)) !== undefined;
}

async function inDoubt(
  ctx: StoreContext,
  trx: Trx,
  lane: LaneDbRow,
  echo: EchoRow,
  to: Address,
): Promise<object | undefined> {
  const parts = trx<PartRow>('message_parts as p')
    .where('p.claimed_at', '<=', echo.received_at)
    .whereNotNull('p.echo_key')
    .where((one) => {
      void one.whereIn('p.state', ['sending', 'ambiguous']).orWhere((again) => {
        void again.where('p.state', 'unsent').whereNotNull('p.written_at');
      });
    });
  if (lidOf(to) === null) {
    const address = { 'p.connection_id': echo.connection_id, 'p.address_key': addressKey(ctx.crypto, to) };
    return await parts.where(address).first('p.id');
  }
  return await parts
    .join('messages as m', 'm.id', 'p.message_id')
    .where({ 'm.lane_id': lane.id, 'm.open': 1 })
    .first('p.id');
}

async function becomeMessage(
  ctx: StoreContext,
  trx: Trx,
  { id: connectionId, gateway, channel, location_id: locationId }: ConnectionRow,
  echo: EchoRow,
  to: Address,
): Promise<Accepted | null> {
  const content = JSON.parse(ctx.crypto.open(echo.content_sealed, `echoes/${echo.id}/content`)) as Content;
  const parts = inboundParts(content);
  await trx<EchoRow>('echoes')
    .where({ id: echo.id })
    .update({ due_at: null, own: parts.length > 0 ? 1 : 0 });
  if (parts.length === 0) return null;
  const { gateway_id, stand_in, at } = echo;
  const gatewayId = stand_in ?? gateway_id;
  const message = { connectionId, gateway, gatewayId, channel, from: to, content, parts, at, own: true };
  const accepted = await acceptInboundIn(ctx, trx, { locationId }, message);
  return accepted.duplicate ? null : accepted;
}
