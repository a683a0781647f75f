import { windowsOf } from '../../domain/lane/caps';
import { openFrom, openingsOf, type Openings } from '../../domain/lane/openings';
import { unpaced, type LaneRules } from '../../domain/laneRules';
import type { StoreContext, Trx } from '../context';
import { findConnection } from '../find';
import { rulesOf } from '../laneRules';
import type { ConnectionRow, LaneDbRow, LocationRow } from '../rows';
import { latestOf } from './charges';

/** A lane as whoever decides about it sees it, under its lock. */
export interface Sight {
  lane: LaneDbRow;
  /** Null: nothing is sent in this lane. */
  connection: ConnectionRow | null;
  rules: LaneRules;
  openings: Openings;
  now: number;
}

/** Returns the sight of a lane: whose rules it keeps, and when its limits let something go. */
export async function lookAt(ctx: StoreContext, trx: Trx, lane: LaneDbRow, now: number): Promise<Sight> {
  const connection = lane.kind === 'outbound' ? await findConnection(trx, lane.connection_id) : null;
  const rules = await rulesIn(ctx, trx, connection);
  const windows = connection === null ? [] : windowsOf(rules, connection.first_connected_at, now);
  if (windows.length === 0 && rules.quietHours === null)
    return { lane, connection, rules, openings: openFrom(now), now };
  const latest = connection === null ? [] : await latestOf(trx, connection.id, windows, now);
  const used = windows.map((window, index) => ({ window, latestAt: latest[index] ?? null }));
  return { lane, connection, rules, openings: openingsOf(rules, used, now), now };
}

async function rulesIn(ctx: StoreContext, trx: Trx, connection: ConnectionRow | null): Promise<LaneRules> {
  if (connection === null) return unpaced({ ...ctx.rules, timeZone: 'UTC' });
  const location = await trx<LocationRow>('locations').where({ location_id: connection.location_id }).first();
  return rulesOf(ctx, connection, location);
}
