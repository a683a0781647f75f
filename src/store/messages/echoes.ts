import type { Address } from '../../domain/address';
import { echoText, planParts, type Content } from '../../domain/content';
import { outboundLaneId } from '../../domain/ids';
import { newId, type Scope, type StoreContext, type Trx, type WakeRef } from '../context';
import { lockLane, wakeHead, wakeRefOf } from '../lanes';
import type { EchoRow, MessageRow, PartRow } from '../rows';
import { addressKey } from './codec';
import { settle } from './settle';

/** An echo written this long before a part was claimed can not be that part's (the clocks of two machines differ). */
const CLOCK_SKEW_MS = 60_000;

export interface EchoInput {
  connectionId: string;
  gatewayId: string;
  to: Address | null;
  content: Content;
  /** The channel's time of the message, epoch milliseconds. */
  at: number;
}

/**
 * Stores a message that a connection itself sent (`fromMe`) and looks for the part that it proves: the one with its
 * gateway id, else the oldest ambiguous or unknown one to that address with that text. While a send to that address is
 * in flight it only waits: the gateway's answer will name it. Each echo claims one part, each part one echo.
 * Returns whom to wake.
 */
export async function recordEcho(ctx: StoreContext, scope: Scope, input: EchoInput): Promise<WakeRef[]> {
  return await ctx.db.tx(async (trx) => {
    await lockLane(trx, outboundLaneId(input.connectionId));
    const now = await ctx.db.now(trx);
    const key = input.to === null ? null : addressKey(ctx.crypto, input.to);
    const known = await trx<EchoRow>('echoes')
      .where({ connection_id: input.connectionId, gateway_id: input.gatewayId })
      .first();
    if (known !== undefined) return [];
    const id = newId(now);
    const part = planParts(input.content)[0];
    await trx<EchoRow>('echoes').insert({
      id,
      location_id: scope.locationId,
      connection_id: input.connectionId,
      gateway_id: input.gatewayId,
      address_key: key,
      echo_key: ctx.crypto.index(`echo|${part === undefined ? '' : echoText(part)}`),
      at: input.at,
      received_at: now,
      part_id: null,
      content_sealed: ctx.crypto.seal(JSON.stringify(input.content), `echoes/${id}/content`),
    });
    return await matchEchoes(ctx, trx, input.connectionId, key, now);
  });
}

/** Matches the unclaimed echoes of one address; the caller holds the connection's lane. Returns whom to wake. */
export async function matchEchoes(
  ctx: StoreContext,
  trx: Trx,
  connectionId: string,
  key: string | null,
  now: number,
): Promise<WakeRef[]> {
  const echoes = await trx<EchoRow>('echoes')
    .where({ connection_id: connectionId, address_key: key, part_id: null })
    .orderBy([{ column: 'at' }, { column: 'id' }]);
  const wakes: WakeRef[] = [];
  for (const echo of echoes) {
    const part = await partOfEcho(trx, echo);
    if (part !== null) wakes.push(...(await attach(ctx, trx, echo, part, now)));
  }
  return wakes;
}

async function partOfEcho(trx: Trx, echo: EchoRow): Promise<PartRow | null> {
  const named = await trx<PartRow>('message_parts')
    .where({ connection_id: echo.connection_id, gateway_id: echo.gateway_id })
    .first();
  if (named !== undefined) return named;
  const toAddress = { connection_id: echo.connection_id, address_key: echo.address_key };
  const inFlight = await trx<PartRow>('message_parts')
    .where({ ...toAddress, state: 'sending' })
    .first('id');
  if (inFlight !== undefined) return null;
  const oldest = await trx<PartRow>('message_parts')
    .where({ ...toAddress, echo_key: echo.echo_key })
    .whereIn('state', ['ambiguous', 'unknown'])
    .whereNull('gateway_id')
    .where('claimed_at', '<=', echo.at + CLOCK_SKEW_MS)
    .orderBy([{ column: 'claimed_at' }, { column: 'id' }])
    .first();
  return oldest ?? null;
}

async function attach(ctx: StoreContext, trx: Trx, echo: EchoRow, part: PartRow, now: number): Promise<WakeRef[]> {
  await trx<EchoRow>('echoes').where({ id: echo.id }).update({ part_id: part.id });
  const proves = part.state === 'ambiguous' || part.state === 'unknown';
  await trx<PartRow>('message_parts')
    .where({ id: part.id })
    .update({
      gateway_id: echo.gateway_id,
      ack: part.ack ?? 'echo',
      ...(proves
        ? { state: 'sent' as const, reason: null, written_at: part.written_at ?? part.claimed_at, state_since: now }
        : {}),
    });
  const message = (await trx<MessageRow>('messages').where({ id: part.message_id }).first())!;
  if (!proves || message.attempt !== part.attempt) return [];
  const settled = await settle(ctx, trx, message, { now, reason: null, reasonText: null });
  const head = await wakeHead(trx, message.lane_id, now);
  return head === null ? [wakeRefOf(settled)] : [wakeRefOf(settled), head];
}
