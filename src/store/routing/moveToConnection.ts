import { conflict } from '../../domain/errors';
import { outboundLaneId } from '../../domain/ids';
import type { MessageStatus } from '../../domain/messageStatus';
import { ownMessage } from '../messages/lock';
import type { Scope, StoreContext, Trx, WakeRef } from '../context';
import { ownConnection } from '../find';
import { lockLane, wakeHead } from '../lanes';
import type { LaneDbRow, MessageRow } from '../rows';
import { changeLane } from './changeLane';

export interface MovedToConnection {
  state: MessageStatus;
  /** How many messages of its contact have moved, this one included. */
  moved: number;
  wakes: WakeRef[];
}

/**
 * Moves a waiting message to another connection of its location by a person's choice, and with it everything else that
 * waits for its contact there: their order holds across numbers. Throws not_found for another location's message or
 * connection, and a conflict when one of them is claimed, has ended, or belongs to a group, which only its own number
 * reaches.
 */
export async function moveToConnection(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  connectionId: string,
): Promise<MovedToConnection> {
  return await ctx.db.tx(async (trx) => {
    const connection = await ownConnection(trx, scope, connectionId);
    const { message, from, to } = await lockBoth(trx, scope, messageId, outboundLaneId(connection.id));
    if (from.id === to.id) return { state: message.state, moved: 0, wakes: [] };
    const together = await waitingOf(trx, message);
    refuseUnlessWaiting(message, together, connection.channel);
    const moved = await changeLane(trx, together, to);
    const now = await ctx.db.now(trx);
    const wakes = [await wakeHead(ctx, trx, from.id, now), await wakeHead(ctx, trx, to.id, now)];
    return { state: message.state, moved, wakes: wakes.filter((wake) => wake !== null) };
  });
}

/** Locks both lanes, parking first, then by their names, so that two moves can not wait for each other. */
async function lockBoth(
  trx: Trx,
  scope: Scope,
  messageId: string,
  toId: string,
): Promise<{ message: MessageRow; from: LaneDbRow; to: LaneDbRow }> {
  for (;;) {
    const { lane_id: fromId } = await ownMessage(trx, scope, messageId);
    const ids = [...new Set([fromId, toId])].sort(
      (a, b) => Number(isParking(b)) - Number(isParking(a)) || (a < b ? -1 : 1),
    );
    const locked = new Map<string, LaneDbRow>();
    for (const id of ids) locked.set(id, await lockLane(trx, id));
    const message = await ownMessage(trx, scope, messageId);
    const [from, to] = [locked.get(message.lane_id), locked.get(toId)];
    if (from !== undefined && to !== undefined) return { message, from, to };
  }
}

function isParking(laneId: string): boolean {
  return laneId.startsWith('park:');
}

async function waitingOf(trx: Trx, { lane_id, party }: MessageRow): Promise<MessageRow[]> {
  return await trx<MessageRow>('messages').where({ lane_id, party, open: 1 }).orderBy('seq');
}

function refuseUnlessWaiting(message: MessageRow, together: readonly MessageRow[], channel: string): void {
  if (message.direction !== 'outbound' || message.open === 0 || together.some((one) => one.claimed === 1))
    throw conflict('not_movable', 'It, or an earlier one to the same contact, is being sent or has ended: it stays.');
  if (message.channel !== channel)
    throw conflict('not_movable', 'The other connection carries another channel: it stays where it is.');
  if (message.to_group === 1)
    throw conflict('not_movable', 'A group is reached only by the number that is in it: it stays where it is.');
}
