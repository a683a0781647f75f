import { gateOf, type Gate } from '../../domain/gate';
import type { StoreContext, Trx } from '../context';
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
    },
    acceptedAt: message.accepted_at,
    holdSince: message.hold_since,
    holdMaxMs: ctx.timings.holdMaxMs,
    optedOut: message.direction === 'outbound' && (await hasOptedOut(trx, message)),
    confirmsOptOut: message.source === OPT_OUT_SOURCE,
  });
}
