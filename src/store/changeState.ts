import type { ConnectionState } from '../domain/connectionState';
import type { Trx } from './context';
import { noteReturn } from './reconcile/beats';
import type { ConnectionRow } from './rows';

/** After a first miss, and after a number was lost, it is asked again soon; from then on at its own interval. */
export const SOON_MS = 5_000;

/** Why a connection is in its state: a code, and words for people in GHL (both null where there is nothing to say). */
export interface StateCause {
  reason: string | null;
  words: string | null;
}

/** Longer words of a gateway are cut: another sentence is put around them in a message's own column. */
const MAX_WORDS = 300;

/** Returns the columns of a cause. */
export function causeColumns({ reason, words }: StateCause): Pick<ConnectionRow, 'reason' | 'reason_text'> {
  return { reason, reason_text: words?.slice(0, MAX_WORDS) ?? null };
}

/**
 * Puts a connection into a state, under its lane's lock; a trial that was planned for the last one is off. Returns its
 * id, or null when it was in that state already.
 */
export async function changeState(
  trx: Trx,
  connection: ConnectionRow,
  state: ConnectionState,
  cause: StateCause,
  now: number,
): Promise<string | null> {
  if (connection.state === state) return null;
  // A gateway that lost the number may have lost our webhook address too: it is told again on the return.
  const more =
    state === 'connected'
      ? { webhook_registered: 0 as const, ...connectedColumns(connection, now) }
      : { probe_due_at: Math.min(connection.probe_due_at, now + SOON_MS) };
  // One outage runs through all states but `connected`.
  const downSince = state === 'connected' ? null : (connection.down_since ?? now);
  if (state === 'connected') await noteReturn(trx, connection, now);
  await trx<ConnectionRow>('connections')
    .where({ id: connection.id })
    .update({ state, state_since: now, down_since: downSince, trial_at: null, ...causeColumns(cause), ...more });
  return connection.id;
}

/** The first time a number begins to warm up; after an outage it begins slowly. */
function connectedColumns(connection: ConnectionRow, now: number): Partial<ConnectionRow> {
  return connection.first_connected_at === null ? { first_connected_at: now } : { returned_at: now };
}
