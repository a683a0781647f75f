import { endpointOf } from '../connections';
import type { StoreContext, Trx } from '../context';
import { wakeHead } from '../lanes';
import { directToNumber, knownNumber } from '../numbers';
import { findOwnSettings } from '../ownSettings';
import { present } from '../../domain/present';
import type { ConnectionRow, MessageRow } from '../rows';
import { waitFor, type ClaimResult } from './claimResult';
import { openAddress, openContent } from './codec';
import { endUnsent } from './settle';

/** Who looks at files and number gets so long; meanwhile others go first, and afterwards it is tried anew. */
const FILES_MS = 75_000;
const NUMBER_MS = 12_000;

/**
 * Deals with a message whose files and number were not looked at, when its turn is near. Returns the answer to the
 * claim, or the message's row when there is nothing (more) to look at and the claim goes on. A number that is known
 * not to be there ends it.
 */
export async function prepareFirst(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  connection: ConnectionRow | null,
  now: number,
): Promise<{ claim: ClaimResult } | { message: MessageRow }> {
  if (message.prepared === 1 || connection === null) return { message };
  const mayAsk = ctx.capabilities(connection.gateway).numberCheck && message.to_group === 0;
  const number = mayAsk ? await knownNumber(trx, message, now) : null;
  if (number?.exists_there === 0) {
    const ended = await endUnsent(ctx, trx, message, 'failed', { now, reason: 'not_on_whatsapp' });
    return { claim: { kind: 'done', state: ended.state, wake: await wakeHead(ctx, trx, message.lane_id, now) } };
  }
  const ask = mayAsk && number === null;
  if (message.files > 0 || ask) return { claim: await givePreparation(ctx, trx, message, connection, now, ask) };
  await trx<MessageRow>('messages').where({ id: message.id }).update({ prepared: 1 });
  const ready: MessageRow = { ...message, prepared: 1 };
  return { message: number === null ? ready : await directToNumber(ctx, trx, ready, number, now) };
}

async function givePreparation(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  connection: ConnectionRow,
  now: number,
  ask: boolean,
): Promise<ClaimResult> {
  const until = now + (message.files > 0 ? FILES_MS : NUMBER_MS);
  await waitFor(trx, message, { now, until, reason: 'preparing', set: { not_before: until } });
  const { mediaFallback = ctx.mediaFallback } = await findOwnSettings(trx, connection);
  const address = present(message.address_sealed, 'the address of a message');
  return {
    kind: 'prepare',
    gateway: connection.gateway,
    endpoint: endpointOf(ctx, connection),
    content: openContent(ctx.crypto, message.id, present(message.content_sealed, 'the content of a message')),
    check: ask ? openAddress(ctx.crypto, message.id, message.channel, address) : null,
    fallback: mediaFallback,
    // A number is asked for in a moment; files may take a minute, which is too long for everybody to wait.
    wake: message.files > 0 ? await wakeHead(ctx, trx, message.lane_id, now) : null,
  };
}
