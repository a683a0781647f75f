import type { ProbeResult, SendOutcome } from '../channels/gateway';
import { outboundLaneId } from '../domain/ids';
import { changeState, SOON_MS, type StateCause } from './changeState';
import type { Scope, StoreContext, Trx, WakeRef } from './context';
import { findConnection } from './find';
import { isIdle, lockLane, wakeHead } from './lanes';
import type { ConnectionRow } from './rows';
import { doubtTrial, hastenTrial, holdBySend, releaseBySend } from './trials';

/** So many misses in a row (no usable answer, or none that it is connected) and a connection counts as lost. */
const MISSES = 2;

/** Takes what a send outcome says about its connection. Returns its id when its state, or what people read of it, changed. */
export async function noteSendOutcome(
  ctx: StoreContext,
  trx: Trx,
  connectionId: string | null,
  outcome: SendOutcome,
  now: number,
): Promise<string | null> {
  const connection = await findConnection(trx, connectionId);
  if (connection === null) return null;
  switch (outcome.kind) {
    case 'accepted':
      return await releaseBySend(trx, connection, now);
    case 'held':
      return await holdBySend(ctx, trx, connection, outcome, now);
    case 'rejected':
      return await answered(trx, connection, outcome.doubt === true, now);
    case 'not_sent':
      return outcome.cause === 'stale_claim' ? null : await miss(trx, connection, silence(outcome.cause), now);
    case 'ambiguous':
      return await doubtTrial(ctx, trx, connection, now);
  }
}

/**
 * The gateway answers, so it is no miss; an answer that puts the number's own state in doubt has it asked at once, and
 * what its probes have missed so far counts on.
 */
async function answered(trx: Trx, connection: ConnectionRow, doubt: boolean, now: number): Promise<null> {
  if (!doubt && connection.misses === 0) return null;
  const change = doubt ? { probe_due_at: now } : { misses: 0 };
  await trx<ConnectionRow>('connections').where({ id: connection.id }).update(change);
  return null;
}

export interface ProbeRecorded {
  changedConnection: string | null;
  wakes: WakeRef[];
  /** The gateway has not taken our webhook address since the number became connected. */
  webhookDue: boolean;
}

/**
 * Takes a probe's result. On the return to `connected`, and when a held number's trial is due, the lane's head is marked
 * to be woken, in the same transaction. `byPerson`: somebody asked for the probe, so a trial is due now.
 */
export async function recordProbe(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  result: ProbeResult,
  byPerson = false,
): Promise<ProbeRecorded> {
  return await ctx.db.tx(async (trx) => {
    await lockLane(trx, outboundLaneId(connectionId));
    const name = { id: connectionId, location_id: scope.locationId };
    const row = await trx<ConnectionRow>('connections').where(name).first();
    if (row === undefined) return { changedConnection: null, wakes: [], webhookDue: false };
    const now = await ctx.db.now(trx);
    const connection = byPerson ? await hastenTrial(trx, row, now) : row;
    const probed = { ...connection, probe_due_at: nextProbe(ctx, connection, now) };
    await trx('connections').where(name).update({ probe_due_at: probed.probe_due_at });
    const changedConnection = await applyProbe(trx, probed, result, now);
    const connected = result.kind === 'connected';
    if (connected && changedConnection !== null) await noteFirstConnected(trx, scope, now);
    const maySend = connected && connection.paused_at === null && (connection.trial_at ?? now) <= now;
    const head = maySend ? await wakeHead(ctx, trx, outboundLaneId(connectionId), now) : null;
    const webhookDue = connected && (changedConnection !== null || connection.webhook_registered === 0);
    return { changedConnection, wakes: head === null ? [] : [head], webhookDue };
  });
}

/** After its interval, or when a trial comes due before that. */
function nextProbe(ctx: StoreContext, { trial_at: trialAt }: ConnectionRow, now: number): number {
  const next = now + ctx.timings.probeIntervalMs;
  return trialAt !== null && trialAt > now ? Math.min(next, trialAt) : next;
}

async function applyProbe(
  trx: Trx,
  connection: ConnectionRow,
  result: ProbeResult,
  now: number,
): Promise<string | null> {
  if (result.kind === 'unreachable') return await miss(trx, connection, silence(result.cause), now);
  // A session that restarts is back in seconds; that it is logged out or refused is said of no session that comes back.
  if (result.kind === 'held' && result.state === 'disconnected' && connection.state === 'connected')
    return await miss(trx, connection, { state: 'disconnected', ...causeOf(result) }, now);
  await trx('connections').where({ id: connection.id }).update({ misses: 0 });
  if (result.kind === 'held') return await holdByProbe(trx, connection, result, now);
  // A number may answer that it is connected and not send: what a send was refused for, only a send finds over. With
  // nothing to send it is not held for ever: the next message finds out.
  const { trial_at: trialAt } = connection;
  if (trialAt !== null && (trialAt > now || !(await isIdle(trx, outboundLaneId(connection.id))))) return null;
  return await changeState(trx, connection, 'connected', { reason: null, words: null }, now);
}

/** The probe tells of this hold, so it will tell of its end too: no trial is needed. */
async function holdByProbe(
  trx: Trx,
  connection: ConnectionRow,
  result: ProbeResult & { kind: 'held' },
  now: number,
): Promise<string | null> {
  const changed = await changeState(trx, connection, result.state, causeOf(result), now);
  if (changed !== null || connection.trial_at === null) return changed;
  await trx<ConnectionRow>('connections').where({ id: connection.id }).update({ trial_at: null });
  return connection.id;
}

async function noteFirstConnected(trx: Trx, scope: Scope, now: number): Promise<void> {
  await trx('locations')
    .where({ location_id: scope.locationId })
    .whereNull('first_connected_at')
    .update({ first_connected_at: now });
}

function causeOf({ code = 'probe', words }: ProbeResult & { kind: 'held' }): StateCause {
  return { reason: code, words: words ?? null };
}

/** What a number is in after a miss too many. */
type Loss = StateCause & { state: 'unreachable' | 'disconnected' };

function silence(cause: string): Loss {
  return { state: 'unreachable', reason: cause, words: null };
}

async function miss(
  trx: Trx,
  connection: ConnectionRow,
  { state, ...cause }: Loss,
  now: number,
): Promise<string | null> {
  const misses = connection.misses + 1;
  const inUse = connection.state === 'connected' || connection.state === 'unverified';
  const soon = inUse ? { probe_due_at: Math.min(connection.probe_due_at, now + SOON_MS) } : {};
  await trx('connections')
    .where({ id: connection.id })
    .update({ misses, ...soon });
  if (!inUse || misses < MISSES) return null;
  return await changeState(trx, connection, state, cause, now);
}
