import { writeAudit } from './audit';
import type { Scope, StoreContext, Trx } from './context';
import { dropLane } from './forgetLanes';
import { keepOptOuts } from './optOutsKept';
import type { ConnectionRow, LaneDbRow, LocationRow, MessageRow } from './rows';

const BATCH = 100;

/**
 * Deletes the numbers of locations that uninstalled the app over `keepMs` ago, with the secrets by which they are reached:
 * until then a reinstallation goes on with them, from then on another location may connect the same gateway instance. One
 * with a message that has not ended waits. At most 100. Returns how many.
 */
export async function purgeConnections(ctx: StoreContext, keepMs: number): Promise<number> {
  const left = (await ctx.db.now()) - keepMs;
  const old: (Scope & { id: string })[] = await ctx.db
    .knex('connections as c')
    .join<LocationRow>('locations as l', 'l.location_id', 'c.location_id')
    .where({ 'l.state': 'uninstalled' })
    .where('l.state_since', '<', left)
    .orderBy('c.id')
    .limit(BATCH)
    .select({ id: 'c.id', locationId: 'c.location_id' });
  let purged = 0;
  for (const { id, locationId } of old) {
    if (await ctx.db.tx((trx) => purge(ctx, trx, { locationId }, id))) purged += 1;
  }
  return purged;
}

/** An install writes the location's row, so one that comes at the same moment goes first or finds the number gone. */
async function purge(ctx: StoreContext, trx: Trx, scope: Scope, id: string): Promise<boolean> {
  const own = { location_id: scope.locationId };
  const location = await trx<LocationRow>('locations').where(own).forUpdate().first();
  // Locked before it is looked for work, so that none comes in between.
  const lanes = await trx<LaneDbRow>('lanes')
    .where({ ...own, connection_id: id })
    .orderBy('id')
    .forUpdate()
    .pluck('id');
  const open = await trx<MessageRow>('messages')
    .where({ ...own, connection_id: id, open: 1 })
    .first('id');
  if (location?.state !== 'uninstalled' || open !== undefined) return false;
  await trx<ConnectionRow>('connections')
    .where({ ...own, id })
    .delete();
  // What it knew of people goes with it; who has opted out is remembered (see optOuts.ts).
  for (const lane of lanes) await dropLane(trx, scope, lane);
  await keepOptOuts(trx, scope, await ctx.db.now(trx), { connectionId: id });
  for (const table of ['identities', 'chats', 'qr_pictures']) {
    await trx(table)
      .where({ ...own, connection_id: id })
      .delete();
  }
  const others = await trx<ConnectionRow>('connections').where(own).first('id');
  if (others === undefined) await forgetLast(trx, scope);
  await writeAudit(ctx, { actor: 'bridge', action: 'connection.purge', ...scope, subject: id }, trx);
  return true;
}

/** As before a location's first number: what is sent after a reinstallation fails at once and says what to do. */
async function forgetLast(trx: Trx, scope: Scope): Promise<void> {
  const own = { location_id: scope.locationId };
  await trx<LocationRow>('locations').where(own).update({ first_connected_at: null });
  // Those of groups, which all its numbers have shared.
  const shared = trx<LaneDbRow>('lanes').where({ ...own, kind: 'inbound', connection_id: null });
  for (const lane of await shared.orderBy('id').forUpdate().pluck('id')) await dropLane(trx, scope, lane);
}
