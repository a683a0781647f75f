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
  /** The gateway has not taken our webhook address since the number became connected. */
  webhookDue: boolean;
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
    if (connection === undefined) return { changedConnection: null, wakes: [], webhookDue: false };
    const now = await ctx.db.now(trx);
    const probed = { ...connection, probe_due_at: now + ctx.timings.probeIntervalMs };
    await trx('connections').where(name).update({ probe_due_at: probed.probe_due_at });
    const changedConnection = await applyProbe(trx, probed, result, now);
    if (result.kind === 'connected' && changedConnection !== null) await noteFirstConnected(trx, scope, now);
    const head = result.kind === 'connected' ? await wakeHead(trx, outboundLaneId(connectionId), now) : null;
    const webhookDue =
      result.kind === 'connected' && (changedConnection !== null || connection.webhook_registered === 0);
    return { changedConnection, wakes: head === null ? [] : [head], webhookDue };
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

/** After a first miss, and after a number was lost, it is asked again soon; from then on at its own interval. */
const SOON_MS = 5_000;

async function miss(trx: Trx, connection: ConnectionRow, cause: string, now: number): Promise<string | null> {
  const misses = connection.misses + 1;
  const inUse = connection.state === 'connected' || connection.state === 'unverified';
  const soon = inUse ? { probe_due_at: Math.min(connection.probe_due_at, now + SOON_MS) } : {};
  await trx('connections')
    .where({ id: connection.id })
    .update({ misses, ...soon });
  return inUse && misses >= MISSES ? await change(trx, connection, 'unreachable', cause, now) : null;
}

async function change(
  trx: Trx,
  connection: ConnectionRow,
  state: ConnectionState,
  reason: string | null,
  now: number,
): Promise<string | null> {
  if (connection.state === state) return null;
  // A gateway that lost the number may have lost our webhook address too: it is told again on the return.
  const more =
    state === 'connected'
      ? { webhook_registered: 0 }
      : { probe_due_at: Math.min(connection.probe_due_at, now + SOON_MS) };
  await trx('connections')
    .where({ id: connection.id })
    .update({ state, state_since: now, reason, ...more });
  return connection.id;
}
