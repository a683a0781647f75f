import type { ProbeResult, SendOutcome } from '../channels/gateway';
import type { ConnectionState } from '../domain/connectionState';
import { outboundLaneId } from '../domain/ids';
import type { Scope, StoreContext, Trx, WakeRef } from './context';
import { findConnection } from './find';
import { lockLane, wakeHead } from './lanes';
import type { ConnectionRow } from './rows';

/** So many misses in a row (no usable answer) and the connection counts as unreachable. */
const MISSES = 2;

/** Takes what a send outcome says about its connection. Returns the connection's id when its state changed. */
export async function noteSendOutcome(
  trx: Trx,
  connectionId: string | null,
  outcome: SendOutcome,
  now: number,
): Promise<string | null> {
  const connection = await findConnection(trx, connectionId);
  if (connection === null) return null;
  if (outcome.kind === 'held') return await change(trx, connection, outcome.state, outcome.code, now);
  if (outcome.kind === 'not_sent' && outcome.cause !== 'stale_claim')
    return await miss(trx, connection, outcome.cause, now);
  const answered = outcome.kind === 'accepted' || outcome.kind === 'rejected';
  if (answered && connection.misses > 0) await trx('connections').where({ id: connection.id }).update({ misses: 0 });
  return null;
}

export interface ProbeRecorded {
  changedConnection: string | null;
  wakes: WakeRef[];
}

/** Takes a probe's result; on the return to `connected` the lane's head is marked to be woken, in the same transaction. */
export async function recordProbe(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  result: ProbeResult,
): Promise<ProbeRecorded> {
  return await ctx.db.tx(async (trx) => {
    await lockLane(trx, outboundLaneId(connectionId));
    const name = { id: connectionId, location_id: scope.locationId };
    const connection = await trx<ConnectionRow>('connections').where(name).first();
    if (connection === undefined) return { changedConnection: null, wakes: [] };
    const now = await ctx.db.now(trx);
    await trx('connections')
      .where(name)
      .update({ probe_due_at: now + ctx.timings.probeIntervalMs });
    const changedConnection = await applyProbe(trx, connection, result, now);
    if (result.kind === 'connected' && changedConnection !== null) await noteFirstConnected(trx, scope, now);
    const head = result.kind === 'connected' ? await wakeHead(trx, outboundLaneId(connectionId), now) : null;
    return { changedConnection, wakes: head === null ? [] : [head] };
  });
}

async function applyProbe(
  trx: Trx,
  connection: ConnectionRow,
  result: ProbeResult,
  now: number,
): Promise<string | null> {
  if (result.kind === 'unreachable') return await miss(trx, connection, result.cause, now);
  await trx('connections').where({ id: connection.id }).update({ misses: 0 });
  if (result.kind === 'connected') return await change(trx, connection, 'connected', null, now);
  return await change(trx, connection, result.state, 'probe', now);
}

async function noteFirstConnected(trx: Trx, scope: Scope, now: number): Promise<void> {
  await trx('locations')
    .where({ location_id: scope.locationId })
    .whereNull('first_connected_at')
    .update({ first_connected_at: now });
}

async function miss(trx: Trx, connection: ConnectionRow, cause: string, now: number): Promise<string | null> {
  const misses = connection.misses + 1;
  await trx('connections')
    .where({ id: connection.id })
    .update({ misses, probe_due_at: Math.min(connection.probe_due_at, now + 5_000) });
  const holds = misses >= MISSES && (connection.state === 'connected' || connection.state === 'unverified');
  return holds ? await change(trx, connection, 'unreachable', cause, now) : null;
}

/** A held connection is asked again soon: whoever lost it may be mending it. */
const HELD_PROBE_MS = 5_000;

async function change(
  trx: Trx,
  connection: ConnectionRow,
  state: ConnectionState,
  reason: string | null,
  now: number,
): Promise<string | null> {
  if (connection.state === state) return null;
  const probe = state === 'connected' ? {} : { probe_due_at: Math.min(connection.probe_due_at, now + HELD_PROBE_MS) };
  await trx('connections')
    .where({ id: connection.id })
    .update({ state, state_since: now, reason, ...probe });
  return connection.id;
}
