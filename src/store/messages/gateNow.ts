import { gateOf, type Gate } from '../../domain/gate';
import { treatedAs } from '../../domain/laneRules';
import type { StoreContext, Trx } from '../context';
import { rulesOf } from '../laneRules';
import { hasOptedOut, OPT_OUT_SOURCE } from '../optOuts';
import type { ConnectionRow, LocationRow, MessageRow } from '../rows';

/** Returns what stands before a message now: its location, its connection, its contact's word, its deadlines. */
export async function gateNow(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  connection: ConnectionRow | null,
  now: number,
): Promise<Gate> {
  const location = await trx<LocationRow>('locations').where({ location_id: message.location_id }).first();
  return gateOf({
    now,
    direction: message.direction,
    locationState: location?.state ?? 'unknown',
    firstConnectedAt: location?.first_connected_at ?? null,
    connection: connection && {
      state: connection.state,
      since: connection.state_since,
      words: connection.reason_text,
      trialAt: connection.trial_at,
      pausedAt: connection.paused_at,
    },
    // What is asked for anew waits anew.
    acceptedAt: Math.max(message.accepted_at, message.classed_at),
    holdSince:
      message.hold_since === null ? null : Math.max(message.hold_since, heldFrom(message, location, connection)),
    holdMaxMs: rulesOf(ctx, connection, location).holdMaxMs[treatedAs(message)],
    optedOut: message.direction === 'outbound' && (await hasOptedOut(trx, message)),
    confirmsOptOut: message.source === OPT_OUT_SOURCE,
  });
}

/**
 * Returns since when (epoch ms) what holds a message now has done so; 0: not known. Who slept through the end of an
 * earlier hold has not looked in between, and still bears the time of that one: it is not held since then.
 */
function heldFrom(
  { direction }: MessageRow,
  location: LocationRow | undefined,
  connection: ConnectionRow | null,
): number {
  const number = direction === 'outbound' ? connection : null;
  const suspendedAt = location === undefined || location.state === 'installed' ? null : location.state_since;
  const since = [suspendedAt, number?.paused_at ?? null, number?.down_since ?? null].filter((at) => at !== null);
  return since.length === 0 ? 0 : Math.min(...since);
}
