import { outboundLaneId } from '../../domain/ids';
import { present } from '../../domain/present';
import { waitFor, type ClaimResult } from '../messages/claimResult';
import { lockMessage } from '../messages/lock';
import type { Scope, StoreContext, Trx, WakeRef } from '../context';
import { lockLane, wakeHead } from '../lanes';
import type { LaneDbRow, MessageRow } from '../rows';
import { changeLane } from './changeLane';
import { connectionsOf, routeAmong, type RoutedMessage } from './facts';

/** Whoever asks GHL for the tags has so long; then somebody asks again. */
const ASK_MS = 20_000;

/**
 * Returns what a parked message is answered that only waits for the tags of its contact; null where something else is
 * missing. Its lane is locked.
 */
export async function askForTags(trx: Trx, message: MessageRow, now: number): Promise<ClaimResult | null> {
  const scope = { locationId: message.location_id };
  const route = await routeAmong(trx, scope, await connectionsOf(trx, scope), routedMessage(message), null);
  if (route.kind === 'none') return null;
  // Since it was first asked, a hold apart: whoever stands far behind in a campaign has its minute too.
  const askedAt = message.retry_last_at ?? now;
  await waitFor(trx, message, { now, until: now + ASK_MS, reason: 'routing', set: { retry_last_at: askedAt } });
  return { kind: 'route', contactId: contactOf(message), sinceMs: now - askedAt };
}

/**
 * Gives a parked message its connection by its contact's tags, and everything else of that contact with it, in order.
 * Changes nothing where somebody was quicker. Returns whom to wake. Throws not_found for another location's message.
 */
export async function routeByTags(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  tags: readonly string[],
): Promise<WakeRef[]> {
  return await ctx.db.tx(async (trx) => {
    const { message, lane: parking } = await lockMessage(trx, scope, messageId);
    if (parking.kind !== 'parking' || message.open === 0) return [];
    const route = await routeAmong(trx, scope, await connectionsOf(trx, scope), routedMessage(message), tags);
    if (route.kind !== 'on') return [];
    const lane = await lockLane(trx, outboundLaneId(route.connectionId));
    await changeLane(trx, await parkedOf(trx, parking, message), lane);
    const now = await ctx.db.now(trx);
    // The parking lane has no finished sends that would wake its next one.
    const wakes = [await wakeHead(ctx, trx, lane.id, now), await wakeHead(ctx, trx, parking.id, now)];
    return wakes.filter((wake) => wake !== null);
  });
}

async function parkedOf(
  trx: Trx,
  parking: LaneDbRow,
  { party, channel }: MessageRow,
): Promise<Pick<MessageRow, 'id'>[]> {
  const parked = { lane_id: parking.id, open: 1 as const, party, channel };
  return await trx<MessageRow>('messages').where(parked).orderBy('seq').select('id');
}

function routedMessage(message: MessageRow): RoutedMessage {
  const { channel, provider_id: providerId, address_key: addressKey } = message;
  return { channel, providerId, contactId: contactOf(message), addressKey };
}

function contactOf(message: MessageRow): string {
  return present(message.contact_id, 'the contact of an outbound message');
}
