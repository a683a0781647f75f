import { outboundLaneId } from '../domain/ids';
import { writeAudit } from './audit';
import type { Scope, StoreContext, Trx, WakeRef } from './context';
import { ownConnection } from './find';
import { lockLane, wakeHead } from './lanes';
import type { ConnectionRow } from './rows';

/**
 * Holds what waits on a connection, and what comes, until a person resumes it; its state goes on being watched. Returns
 * since when (epoch ms) it is paused: one that was paused before stays so. Throws `not_found`.
 */
export async function pauseConnection(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  actor: string,
): Promise<number> {
  return await ctx.db.tx(async (trx) => {
    const { id, paused_at: pausedAt } = await lockedConnection(trx, scope, connectionId);
    if (pausedAt !== null) return pausedAt;
    const now = await ctx.db.now(trx);
    await change(trx, id, now);
    await writeAudit(ctx, { actor, action: 'connection.pause', ...scope, subject: id }, trx);
    return now;
  });
}

/**
 * Ends a person's pause. Returns the head of its lane, which is to be woken: the lane then flows by itself. Nobody where
 * it was not paused. Throws `not_found`.
 */
export async function resumeConnection(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  actor: string,
): Promise<WakeRef[]> {
  return await ctx.db.tx(async (trx) => {
    const { id, paused_at: pausedAt } = await lockedConnection(trx, scope, connectionId);
    if (pausedAt === null) return [];
    await change(trx, id, null);
    await writeAudit(ctx, { actor, action: 'connection.resume', ...scope, subject: id }, trx);
    const head = await wakeHead(ctx, trx, outboundLaneId(id), await ctx.db.now(trx));
    return head === null ? [] : [head];
  });
}

/** Under its lane's lock: no claim comes between. */
async function lockedConnection(trx: Trx, scope: Scope, connectionId: string): Promise<ConnectionRow> {
  const { id } = await ownConnection(trx, scope, connectionId);
  await lockLane(trx, outboundLaneId(id));
  return await ownConnection(trx, scope, id);
}

/** Its workflow is told: by the caller, else by the sweeper, who sees that it was told of another time. */
async function change(trx: Trx, id: string, pausedAt: number | null): Promise<void> {
  await trx<ConnectionRow>('connections').where({ id }).update({ paused_at: pausedAt, announced_since: 0 });
}
