import type { Knex } from 'knex';
import { CONVERSATION_MS } from '../../domain/messageClass';
import type { Scope, StoreContext, Trx, WakeRef } from '../context';
import { findConnection } from '../find';
import { lockLane } from '../lanes';
import type { LaneDbRow, MessageRow } from '../rows';
import { namesOfPerson } from '../samePerson';
import { isWaitedFor } from './classFacts';
import { becomesReply } from './classify';
import { rankAnew, wakeLifted } from './lift';

/** So many waiting messages of one contact are looked at, newest first: a reply lifts the earlier ones. */
const MOST_RAISED = 20;

/** What may wait for a person who writes just now: by the person's names, in lanes that are locked. */
export interface Waiting extends Scope {
  names: string[];
  lanes: LaneDbRow[];
}

/**
 * Locks the lanes in which messages to a person wait, parking first, then by their names: as whoever moves messages
 * does, and before the lane of what arrives, as whoever takes what was typed on the phone does. Mostly there are none.
 */
export async function lockWaiting(trx: Trx, { locationId }: Scope, addressKey: string): Promise<Waiting> {
  const name = { location_id: locationId, address_key: addressKey };
  if (!(await isWaitedFor(trx, name))) return { locationId, names: [], lanes: [] };
  const names = await namesOfPerson(trx, name);
  const ids = await waitingFor(trx, locationId, names).distinct().pluck<string[]>('lane_id');
  const inOrder = [...ids].sort((a, b) => Number(isParking(b)) - Number(isParking(a)) || (a < b ? -1 : 1));
  const lanes: LaneDbRow[] = [];
  for (const id of inOrder) lanes.push(await lockLane(trx, id));
  return { locationId, names, lanes };
}

/**
 * Tests anew what waits for a person who wrote at `at`: it may be an answer now. Returns the heads that have changed by
 * it and are to be woken.
 */
export async function raiseWaiting(
  ctx: StoreContext,
  trx: Trx,
  { locationId, names, lanes }: Waiting,
  { at, now }: { at: number; now: number },
): Promise<WakeRef[]> {
  if (lanes.length === 0 || at <= now - CONVERSATION_MS) return [];
  const laneIds = lanes.map(({ id }) => id);
  const newest = waitingFor(trx, locationId, names).whereIn('lane_id', laneIds).orderBy('id', 'desc');
  const waiting = await newest.limit(MOST_RAISED);
  const ids = waiting.map(({ id }) => id);
  await trx<MessageRow>('messages').whereIn('id', ids).update({ answers: 1 });
  const raised: MessageRow[] = [];
  for (const row of waiting) if (await becomesReply(trx, row)) raised.push(row);
  const wakes: WakeRef[] = [];
  for (const { id, connection_id: connectionId } of lanes) {
    const parties = new Set(raised.filter((row) => row.lane_id === id).map(({ party }) => party));
    for (const party of parties) await rankAnew(trx, id, party);
    if (parties.size > 0) wakes.push(...(await wakeLifted(ctx, trx, id, await findConnection(trx, connectionId), now)));
  }
  return wakes;
}

function waitingFor(
  trx: Trx,
  locationId: string,
  names: readonly string[],
): Knex.QueryBuilder<MessageRow, MessageRow[]> {
  const waiting = trx<MessageRow>('messages').whereIn('address_key', names);
  return waiting.where({ location_id: locationId, direction: 'outbound', claimable: 1 });
}

function isParking(laneId: string): boolean {
  return laneId.startsWith('park:');
}
