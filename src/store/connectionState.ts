import type { ProbeResult, SendOutcome } from '../channels/gateway';
import { outboundLaneId } from '../domain/ids';
import { changeState, SOON_MS } from './changeState';
import type { Scope, StoreContext, Trx, WakeRef } from './context';
import { findConnection } from './find';
import { isIdle, lockLane, wakeHead } from './lanes';
import type { ConnectionRow } from './rows';
import { doubtTrial, holdBySend, releaseBySend } from './trials';

/** So many misses in a row (no usable answer) and the connection counts as unreachable. */
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
      return outcome.cause === 'stale_claim' ? null : await miss(trx, connection, outcome.cause, now);
    case 'ambiguous':
      return await doubtTrial(ctx, trx, connection, now);
  }
}

/** The gateway answers, so it is no miss; an answer that puts the number's own state in doubt has it asked at once. */
async function answered(trx: Trx, connection: ConnectionRow, doubt: boolean, now: number): Promise<null> {
  const change = { ...(connection.misses > 0 ? { misses: 0 } : {}), ...(doubt ? { probe_due_at: now } : {}) };
  if (Object.keys(change).length > 0)
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
 * to be woken, in the same transaction.
 */
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
    const probed = { ...connection, probe_due_at: nextProbe(ctx, connection, now) };
    await trx('connections').where(name).update({ probe_due_at: probed.probe_due_at });
    const changedConnection = await applyProbe(trx, probed, result, now);
    const connected = result.kind === 'connected';
    if (connected && changedConnection !== null) await noteFirstConnected(trx, scope, now);
    const maySend = connected && (connection.trial_at ?? now) <= now;
    const head = maySend ? await wakeHead(trx, outboundLaneId(connectionId), now) : null;
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
  if (result.kind === 'unreachable') return await miss(trx, connection, result.cause, now);
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
  { state, code = 'probe', words }: ProbeResult & { kind: 'held' },
  now: number,
): Promise<string | null> {
  const changed = await changeState(trx, connection, state, { reason: code, words: words ?? null }, now);
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

async function miss(trx: Trx, connection: ConnectionRow, cause: string, now: number): Promise<string | null> {
  const misses = connection.misses + 1;
  const inUse = connection.state === 'connected' || connection.state === 'unverified';
  const soon = inUse ? { probe_due_at: Math.min(connection.probe_due_at, now + SOON_MS) } : {};
  await trx('connections')
    .where({ id: connection.id })
    .update({ misses, ...soon });
  if (!inUse || misses < MISSES) return null;
  return await changeState(trx, connection, 'unreachable', { reason: cause, words: null }, now);
}
