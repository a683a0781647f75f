import type { Address } from '../../domain/address';
import { echoOfContent, type Content } from '../../domain/content';
import { outboundLaneId } from '../../domain/ids';
import { newId, type Scope, type StoreContext, type Trx, type WakeRef } from '../context';
import { lockLane, wakeHead, wakeRefOf } from '../lanes';
import { wakeHeeding } from '../resends/wakeHeeding';
import type { EchoRow, PartRow } from '../rows';
import { ownConnection } from '../find';
import { noteDelivered, noteUnreceipted } from '../receiptNotes';
import { ackIsDelivery } from './ackIsDelivery';
import { addressKey, echoKey } from './codec';
import { tellsMore, whatStays } from './fullerEcho';
import { applyReceipts } from './receipts';
import { rereadMessage } from './reread';
import { settle } from './settle';

/** An echo written this long before a part was claimed can not be that part's (the clocks of two machines differ). */
const CLOCK_SKEW_MS = 60_000;
/** The channel's time is in whole seconds, and its clock nearly ours. */
const ROUNDED_MS = 2_000;
/** Nor one written this long after it: the same words were typed once more, on the phone. */
const SEND_MAX_MS = 15 * 60_000;
/** The post with an echo may come this much later than the send; older parts are not looked at any more. */
const POST_MAX_MS = 24 * 3600_000;

export interface EchoInput {
  connectionId: string;
  gatewayId: string;
  /** Null: nobody that can be named. */
  to: Address | null;
  content: Content;
  /** The channel's time of the message, epoch milliseconds. */
  at: number;
  /** True: it is shown in GHL as typed on the phone if no part claims it (see ownPhone.ts). */
  mayBeOwn?: boolean;
  /** The content stands in for one that may still come under the same gateway id; it is shown under this id. */
  standIn?: string;
}

/**
 * Stores a message that a connection itself sent (`fromMe`) and looks for the part that it proves: the one with its
 * gateway id, else the oldest ambiguous or unknown one to that address with that text. While a send to that address is
 * in flight it only waits: the gateway's answer will name it. Each echo claims one part, each part one echo; one that
 * has become a message typed on the phone proves nothing any more, unless the gateway itself names a part by its id.
 * What comes once more may bring the words or the file that the first post lacked; else it changes nothing. Returns whom
 * to wake. Throws not_found for another location's connection.
 */
export async function recordEcho(ctx: StoreContext, scope: Scope, input: EchoInput): Promise<WakeRef[]> {
  const { connectionId, gatewayId } = input;
  const wakes = await ctx.db.tx(async (trx) => {
    await ownConnection(trx, scope, connectionId);
    await lockLane(trx, outboundLaneId(connectionId));
    const now = await ctx.db.now(trx);
    const known = await trx<EchoRow>('echoes').where({ connection_id: connectionId, gateway_id: gatewayId }).first();
    if (known !== undefined && !tellsMore(ctx, known, input)) return [];
    const echo = { ...echoRow(ctx, scope, input, now, known?.id), ...(known && whatStays(known, input)) };
    if (known === undefined) await trx<EchoRow>('echoes').insert(echo);
    else await trx<EchoRow>('echoes').where({ id: known.id }).update(echo);
    const named = await trx<PartRow>('message_parts')
      .where({ connection_id: connectionId, gateway_id: gatewayId })
      .first();
    if (named !== undefined) return await attach(ctx, trx, echo, named, now);
    return await matchEchoes(ctx, trx, connectionId, echo.address_key, now);
  });
  const applied = await applyReceipts(ctx, scope, connectionId, gatewayId);
  return [...wakes, ...applied.wakes];
}

function echoRow(ctx: StoreContext, scope: Scope, input: EchoInput, now: number, id = newId(now)): EchoRow {
  return {
    id,
    location_id: scope.locationId,
    connection_id: input.connectionId,
    gateway_id: input.gatewayId,
    address_key: input.to === null ? null : addressKey(ctx.crypto, input.to),
    echo_key: echoKey(ctx.crypto, echoOfContent(input.content)),
    at: input.at,
    received_at: now,
    part_id: null,
    content_sealed: ctx.crypto.seal(JSON.stringify(input.content), `echoes/${id}/content`),
    own: 0,
    due_at: input.mayBeOwn === true && input.to !== null ? now : null,
    address_sealed: input.to === null ? null : ctx.crypto.seal(input.to.value, `echoes/${id}/address`),
    stand_in: input.standIn ?? null,
  };
}

/** Matches the unclaimed echoes of one address; the caller holds the connection's lane. Returns whom to wake. */
export async function matchEchoes(
  ctx: StoreContext,
  trx: Trx,
  connectionId: string,
  key: string | null,
  now: number,
): Promise<WakeRef[]> {
  if (key === null) return [];
  const toAddress = { connection_id: connectionId, address_key: key };
  const parts = await trx<PartRow>('message_parts')
    .where(toAddress)
    .where((part) => {
      // A gateway may answer that it failed to send, and have sent: what it was asked and is to be asked again.
      void part.whereIn('state', ['sending', 'ambiguous', 'unknown']).orWhere((again) => {
        void again.where({ state: 'unsent' }).whereNotNull('written_at');
      });
    })
    .whereNull('gateway_id')
    .whereNotNull('echo_key')
    .where('claimed_at', '>', now - POST_MAX_MS)
    .orderBy([{ column: 'claimed_at' }, { column: 'id' }]);
  const [oldest] = parts;
  if (oldest === undefined || parts.some((part) => part.state === 'sending')) return [];
  const echoes = await trx<EchoRow>('echoes')
    .where({ ...toAddress, part_id: null, own: 0 })
    .where('at', '>=', (oldest.claimed_at ?? 0) - CLOCK_SKEW_MS)
    .orderBy([{ column: 'at' }, { column: 'id' }]);
  const wakes: WakeRef[] = [];
  for (const echo of echoes) {
    const index = provenBy(echo, parts);
    const [part] = index < 0 ? [] : parts.splice(index, 1);
    if (part !== undefined) wakes.push(...(await attach(ctx, trx, echo, part, now)));
  }
  return wakes;
}

/**
 * Returns the index of the part that an echo proves, or -1: the oldest, but that one first which waits for its echo and
 * was claimed before the echo was written. An older one that was given up had its time.
 */
function provenBy(echo: EchoRow, parts: readonly PartRow[]): number {
  const awaited = (part: PartRow): boolean =>
    part.state === 'ambiguous' && echo.at - (part.claimed_at ?? 0) >= -ROUNDED_MS && proves(echo, part);
  const waiting = parts.findIndex(awaited);
  return waiting < 0 ? parts.findIndex((part) => proves(echo, part)) : waiting;
}

function proves(echo: EchoRow, part: PartRow): boolean {
  const after = echo.at - (part.claimed_at ?? 0);
  return part.echo_key === echo.echo_key && after >= -CLOCK_SKEW_MS && after <= SEND_MAX_MS;
}

/** An echo proves that a part left, and where nothing better comes, that it was delivered; it takes nothing back. */
async function attach(ctx: StoreContext, trx: Trx, echo: EchoRow, part: PartRow, now: number): Promise<WakeRef[]> {
  await trx<EchoRow>('echoes').where({ id: echo.id }).update({ part_id: part.id, due_at: null });
  const acked = (await ackIsDelivery(ctx, trx, part)) ? 'delivered' : 'sent';
  const advances = part.gateway_id === null || (part.state === 'sent' && acked === 'delivered');
  const writtenAt = part.written_at ?? part.claimed_at;
  await trx<PartRow>('message_parts')
    .where({ id: part.id })
    .update({
      gateway_id: echo.gateway_id,
      ack: part.ack ?? 'echo',
      ...(advances ? { state: acked, reason: null, written_at: writtenAt, state_since: now } : {}),
      // A refusal had taken it out of the caps.
      ...(part.charged_at === null ? { charged_at: writtenAt } : {}),
    });
  if (advances) await (acked === 'sent' ? noteUnreceipted : noteDelivered)(trx, part.connection_id, writtenAt ?? now);
  const message = await rereadMessage(trx, part.message_id);
  if (!advances) return [];
  // The proof of an earlier attempt stays with that one; whoever waits for it takes its status.
  if (message.attempt !== part.attempt) return await wakeHeeding(trx, message, now);
  // Until now this part was the one in hand: whatever the next one meets is counted anew.
  const set = part.state === 'sent' ? {} : { tries: 0 };
  const settled = await settle(ctx, trx, message, { now, set });
  const heeding = await wakeHeeding(trx, message, now);
  const head = await wakeHead(ctx, trx, message.lane_id, now);
  return [wakeRefOf(settled), ...(head === null ? [] : [head]), ...heeding];
}
