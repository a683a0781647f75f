import { inboundLaneId } from '../../domain/ids';
import { inboundParts } from '../../domain/parts';
import { present } from '../../domain/present';
import type { Scope, StoreContext, Trx, WakeRef } from '../context';
import { forgetHidden, lockIdentity } from '../identityMerges';
import { ensureLane, lockLane, wakeRefOf } from '../lanes';
import type { InboundFileRow } from '../mediaRows';
import type { IdentityRow } from '../peopleRows';
import type { MessageRow } from '../rows';
import { insertParts } from './acceptedRow';
import { openContent } from './codec';

/** Only the newest so many messages are moved to the other contact; older ones stay where they are. */
const MOVED = 200;

/**
 * Takes the messages of a hidden identity back that were posted to its own contact, so that they are posted once more,
 * to the contact of its number. They keep their line and their places in it: whatever the person writes meanwhile
 * stands behind them. Their texts have to be there still. Safe to repeat: then it takes those whose post was under way
 * the time before. Returns whom to wake, nobody when nothing stands there. Throws not_found for another location's
 * identity.
 */
export async function beginMove(ctx: StoreContext, scope: Scope, identityId: string, from: string): Promise<WakeRef[]> {
  return await ctx.db.tx(async (trx) => {
    const identity = await lockIdentity(trx, scope, identityId);
    const { location_id, connection_id, lid_key } = identity;
    const laneId = laneOf(identity);
    await ensureLane(trx, { id: laneId, location_id, kind: 'inbound', connection_id });
    await lockLane(trx, laneId);
    const now = await ctx.db.now(trx);
    const newest = await trx<MessageRow>('messages')
      .where({ location_id, connection_id, lane_id: laneId, address_key: lid_key })
      .orderBy('seq', 'desc')
      .limit(MOVED);
    const there = newest.filter((message) => mayMove(message, from)).reverse();
    const wakes: WakeRef[] = [];
    for (const message of there) wakes.push(wakeRefOf(await reopen(ctx, trx, message, now)));
    await forgetHidden(trx, identity);
    await trx<IdentityRow>('identities').where({ id: identityId }).update({ merge_from: from });
    return wakes;
  });
}

/** Its words stand there; its file may be late still, but is not being posted just now. */
function mayMove({ contact_id, state, erased_at }: MessageRow, from: string): boolean {
  return contact_id === from && erased_at === null && (state === 'delivered' || state === 'waiting');
}

async function reopen(ctx: StoreContext, trx: Trx, message: MessageRow, now: number): Promise<MessageRow> {
  const again: Partial<MessageRow> = {
    attempt: message.attempt + 1,
    state: 'accepted',
    state_since: now,
    open: 1,
    claimable: 1,
    claimed: 0,
    tries: 0,
    not_before: 0,
    next_wake_at: now,
    rank: 0,
    party: present(message.address_key, 'the sender of a message'),
    ghl_message_id: null,
    contact_id: null,
    conversation_id: null,
    receipt_deadline: null,
  };
  await trx<MessageRow>('messages').where({ id: message.id }).update(again);
  const row = { ...message, ...again };
  const content = openContent(ctx.crypto, row.id, present(row.content_sealed, 'the content of a message'));
  await insertParts(ctx, trx, row, content, inboundParts(content));
  await trx<InboundFileRow>('inbound_files').where({ message_id: row.id }).update({ posting: null });
  return row;
}

/** How far the messages of a hidden identity are with their move. */
export interface Moved {
  /** How many are still to be posted. */
  open: number;
  /** The gateway's ids of those that stand with the other contact. */
  gatewayIds: string[];
}

/** Returns how far a move is. Throws not_found for another location's identity. */
export async function readMove(ctx: StoreContext, scope: Scope, identityId: string): Promise<Moved> {
  return await ctx.db.tx(async (trx) => {
    const identity = await lockIdentity(trx, scope, identityId);
    const rows = await trx<MessageRow>('messages')
      .where({ location_id: scope.locationId, lane_id: laneOf(identity), address_key: identity.lid_key })
      .select('open', 'state', 'contact_id', 'source_key');
    const there = rows.filter((row) => row.state === 'delivered' && row.contact_id !== identity.merge_from);
    const prefix = `${identity.connection_id}:`;
    return {
      open: rows.filter((row) => row.open === 1).length,
      gatewayIds: there.map((row) => row.source_key.slice(prefix.length)),
    };
  });
}

function laneOf({ connection_id, lid_key }: IdentityRow): string {
  return inboundLaneId(connection_id, lid_key);
}
