import type { SendOutcome } from '../channels/gateway';
import { trialAt } from '../domain/trial';
import { causeColumns, changeState } from './changeState';
import type { StoreContext, Trx } from './context';
import type { ConnectionRow } from './rows';

/*
 * Trials: a connection with `trial_at` has refused a send for a reason that its probe does not tell. From then on one
 * message at a time may try, and only an accepted one brings the number back.
 */

/** Holds a connection whose gateway refused a send for the number's sake. Returns its id when people see a change. */
export async function holdBySend(
  ctx: StoreContext,
  trx: Trx,
  connection: ConnectionRow,
  outcome: SendOutcome & { kind: 'held' },
  now: number,
): Promise<string | null> {
  const { state, code, text } = outcome;
  const cause = { reason: code, words: text };
  const refusals = connection.refusals + 1;
  const next = trialAt({ state, refusals, now }, ctx.timings.holdTrial, ctx.random());
  const changed = await changeState(trx, connection, state, cause, now);
  await trx<ConnectionRow>('connections')
    .where({ id: connection.id })
    .update({ refusals, trial_at: next, misses: 0, ...causeColumns(cause) });
  return changed ?? (next === connection.trial_at ? null : connection.id);
}

/**
 * A trial that ended in doubt proves nothing: the next one waits as after a refusal, or each would cost a message its
 * certainty. Returns the connection's id when the time of the next trial has changed; null where no trial was under way.
 */
export async function doubtTrial(
  ctx: StoreContext,
  trx: Trx,
  connection: ConnectionRow,
  now: number,
): Promise<string | null> {
  if (connection.trial_at === null || connection.state === 'connected') return null;
  const refusals = connection.refusals + 1;
  const next = trialAt({ state: connection.state, refusals, now }, ctx.timings.holdTrial, ctx.random());
  await trx<ConnectionRow>('connections').where({ id: connection.id }).update({ refusals, trial_at: next });
  return connection.id;
}

/** An accepted send: whatever was refused is over. Returns the connection's id when it was held for it. */
export async function releaseBySend(trx: Trx, connection: ConnectionRow, now: number): Promise<string | null> {
  if (connection.refusals === 0 && connection.misses === 0) return null;
  await trx<ConnectionRow>('connections').where({ id: connection.id }).update({ refusals: 0, misses: 0 });
  // Without a trial the hold is the probe's: this send had begun before the number was lost.
  if (connection.trial_at === null) return null;
  return await changeState(trx, connection, 'connected', { reason: null, words: null }, now);
}

/** A person has asked: a trial that is planned for later is due now. Returns the connection as it is by that. */
export async function hastenTrial(trx: Trx, connection: ConnectionRow, now: number): Promise<ConnectionRow> {
  if (connection.trial_at === null || connection.trial_at <= now) return connection;
  await trx<ConnectionRow>('connections').where({ id: connection.id }).update({ trial_at: now });
  return { ...connection, trial_at: now };
}

/**
 * Notes that a held connection's trial is under way: the next may begin at `nextAt` (epoch ms), unless the outcome of
 * this one says otherwise. Written with the claim, so that a crash in between lets no second one through.
 */
export async function beginTrial(trx: Trx, connection: ConnectionRow, nextAt: number): Promise<void> {
  await trx<ConnectionRow>('connections').where({ id: connection.id }).update({ trial_at: nextAt });
}
