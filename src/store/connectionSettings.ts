import { notFound } from '../domain/errors';
import { outboundLaneId } from '../domain/ids';
import type { Scope, StoreContext, WakeRef } from './context';
import { ownConnection } from './find';
import { followSettings } from './followSettings';
import { lockLane } from './lanes';
import { mergeSettings } from './mergeSettings';
import type { ConnectionRow } from './rows';

/** All that is set after a change, and whom to wake: what waits follows the change at once. */
export interface SettingsChanged {
  settings: Record<string, unknown>;
  wakes: WakeRef[];
}

/**
 * Sets some settings of a connection, null takes one back; the rest stays. What is in its lane follows in the same
 * transaction. Throws not_found for another location's connection.
 */
export async function changeSettings(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  patch: Record<string, unknown>,
): Promise<SettingsChanged> {
  return await ctx.db.tx(async (trx) => {
    const { id } = await ownConnection(trx, scope, connectionId);
    const lane = await lockLane(trx, outboundLaneId(id));
    const row = await trx<ConnectionRow>('connections').where({ id }).forUpdate().first();
    if (row === undefined) throw notFound('connection');
    const settings = mergeSettings(row.settings, patch);
    await trx<ConnectionRow>('connections')
      .where({ id })
      .update({ settings: JSON.stringify(settings) });
    return { settings, wakes: await followSettings(ctx, trx, lane) };
  });
}
