import { echoOfPart } from '../../domain/parts';
import { splitAnswer } from '../../domain/quotation';
import type { Scope, StoreContext, Trx } from '../context';
import type { MessageRow, PartRow } from '../rows';
import { findBySource } from './acceptedRow';
import { openContent } from './codec';
import { specOf } from './grant';
import { sourceKeyOf } from './sourceKey';

/** A message at a gateway, by the gateway's own id. */
export interface GatewayMessage {
  gateway: string;
  connectionId: string;
  gatewayId: string;
}

/**
 * Returns what was said in a message that came in on a connection or left through it, without what it answers itself;
 * null: it is not known, has no words, or they are erased.
 */
export async function wordsOf(ctx: StoreContext, scope: Scope, named: GatewayMessage): Promise<string | null> {
  return await ctx.db.tx(async (trx) => {
    const words = (await wordsThatCame(ctx, trx, scope, named)) ?? (await wordsThatLeft(ctx, trx, scope, named));
    return words ?? null;
  });
}

async function wordsThatCame(
  ctx: StoreContext,
  trx: Trx,
  scope: Scope,
  { gateway, connectionId, gatewayId }: GatewayMessage,
): Promise<string | undefined> {
  const message = await findBySource(trx, scope, gateway, sourceKeyOf(connectionId, gatewayId));
  if (message === undefined || message.content_sealed === null) return undefined;
  return splitAnswer(openContent(ctx.crypto, message.id, message.content_sealed)).words;
}

async function wordsThatLeft(
  ctx: StoreContext,
  trx: Trx,
  { locationId }: Scope,
  { connectionId, gatewayId }: GatewayMessage,
): Promise<string | undefined> {
  const name = { connection_id: connectionId, gateway_id: gatewayId, location_id: locationId };
  const part = await trx<PartRow>('message_parts').where(name).first();
  if (part === undefined) return undefined;
  const message = await trx<MessageRow>('messages').where({ id: part.message_id }).first();
  if (message === undefined || message.content_sealed === null) return undefined;
  return echoOfPart(openContent(ctx.crypto, message.id, message.content_sealed), specOf(part)).text;
}
