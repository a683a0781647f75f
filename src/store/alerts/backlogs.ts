import type { Knex } from 'knex';
import { backlogDetail, isBacklog, offsetMinutes } from '../../domain/backlog';
import { outboundLaneId } from '../../domain/ids';
import { stepOf } from '../../domain/lane/forecast';
import { bulkShares, planAhead } from '../../domain/lane/planAhead';
import type { StoreContext, Trx } from '../context';
import { writtenOf } from '../lane/charges';
import { lookAt, type Sight } from '../lane/sight';
import type { ConnectionRow, LaneDbRow, LocationRow, MessageRow, PartRow } from '../rows';

/** So many numbers are asked for at once. */
const BATCH = 500;

/**
 * Finds the numbers on which more waits than they send in a day, and notes it in their lanes: the alerts are made of
 * that. A number that can not send now keeps what was found before: nobody knows when it goes on.
 */
export async function lookForBacklogs(ctx: StoreContext): Promise<void> {
  const ids = await ctx.db.knex<ConnectionRow>('connections').orderBy('id').pluck('id');
  for (let from = 0; from < ids.length; from += BATCH) {
    const lanes = ids.slice(from, from + BATCH).map(outboundLaneId);
    for (const { id } of await withWork(ctx, lanes)) await ctx.db.tx((trx) => noteBacklog(ctx, trx, id));
  }
}

/** Those of the lanes in which something waits, or in which something was found to wait for long. */
async function withWork({ db }: StoreContext, ids: string[]): Promise<Pick<LaneDbRow, 'id'>[]> {
  return await db
    .knex<LaneDbRow>('lanes as l')
    .whereIn('l.id', ids)
    .where((either) => {
      const waiting = db.knex('messages as m').whereRaw('m.lane_id = l.id').where('m.claimable', 1);
      void either.whereNotNull('l.backlog').orWhereExists(waiting.select('m.id'));
    })
    .select('l.id');
}

async function noteBacklog(ctx: StoreContext, trx: Trx, laneId: string): Promise<void> {
  const lane = await trx<LaneDbRow>('lanes').where({ id: laneId }).first();
  if (lane === undefined) return;
  const now = await ctx.db.now(trx);
  const found = await backlogIn(trx, await lookAt(ctx, trx, lane, now));
  if (found === undefined || found === lane.backlog) return;
  await trx<LaneDbRow>('lanes').where({ id: laneId }).update({ backlog: found });
}

/** The lane's backlog as an alert says it; null: there is none. Undefined: that can not be said now. */
async function backlogIn(trx: Trx, sight: Sight): Promise<string | null | undefined> {
  const { lane, connection, rules, now } = sight;
  const { waiting, parts, fresh } = await countWaiting(trx, lane);
  if (waiting === 0 || connection === null) return null;
  const location = await trx<LocationRow>('locations').where({ location_id: lane.location_id }).first('state');
  const sends = connection.state === 'connected' && connection.paused_at === null && location?.state === 'installed';
  if (!sends) return undefined;
  const endsAt = Math.max(
    await endOfAll(trx, sight, connection, parts),
    await endOfFresh(trx, sight, connection, fresh),
  );
  if (!isBacklog(endsAt, now, lane.backlog !== null)) return null;
  return backlogDetail({ endsAt, waiting, offsetMinutes: offsetMinutes(endsAt, rules.timeZone) });
}

interface Waiting {
  waiting: number;
  /** Their parts that are still to be written: pace and caps count these. */
  parts: number;
  /** Those that open a conversation. */
  fresh: number;
}

/** Each by an index alone: thousands may wait. */
async function countWaiting(trx: Trx, { id: laneId, connection_id: connectionId }: LaneDbRow): Promise<Waiting> {
  const waiting = () => trx<MessageRow>('messages').where({ lane_id: laneId, claimable: 1 });
  const unsent = trx<PartRow>('message_parts').where({ connection_id: connectionId, state: 'unsent' });
  return {
    waiting: await count(waiting()),
    parts: await count(unsent),
    fresh: await count(waiting().where({ fresh: 1 })),
  };
}

async function count(rows: Knex.QueryBuilder): Promise<number> {
  const row = (await rows.count({ n: '*' }).first()) as { n: number | string };
  return Number(row.n);
}

/** Everything as if it were bulk, in the bulk's share of the caps: rather late than early. */
async function endOfAll(trx: Trx, sight: Sight, connection: ConnectionRow, parts: number): Promise<number> {
  const { rules, openings, now } = sight;
  const shares = bulkShares(rules, connection.first_connected_at, now, false);
  const written = await writtenOf(trx, connection.id, { counts: 'bulk', opens: false }, now);
  return planAhead({ ...seriesOf(sight, connection), from: openings.bulk.at, written, shares }, parts - 1);
}

/** New conversations have a cap of their own, and nobody else waits for them. */
async function endOfFresh(trx: Trx, sight: Sight, connection: ConnectionRow, fresh: number): Promise<number> {
  const { rules, openings, now } = sight;
  if (fresh === 0 || rules.capNewHourly === 0) return now;
  const shares = bulkShares(rules, connection.first_connected_at, now, true);
  const written = await writtenOf(trx, connection.id, { counts: 'bulk', opens: true }, now);
  return planAhead({ ...seriesOf(sight, connection), from: openings.freshBulk.at, written, shares }, fresh - 1);
}

function seriesOf({ rules }: Sight, connection: ConnectionRow) {
  return { rules, returnedAt: connection.returned_at, stepMs: stepOf(rules, 'text') };
}
