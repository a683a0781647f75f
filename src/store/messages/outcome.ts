import type { SendOutcome } from '../../channels/gateway';
import { noteSendOutcome } from '../connectionState';
import type { StoreContext, Trx, WakeRef } from '../context';
import { recharge } from '../lane/charge';
import { wakeHead } from '../lanes';
import { wakeHeeding } from '../resends/wakeHeeding';
import type { LaneDbRow, MessageRow, PartRow } from '../rows';
import { applyOutcome } from './applyOutcome';
import type { Claim } from './claimResult';
import { matchEchoes } from './echoes';
import { lockMessage } from './lock';
import { applyReceipts } from './receipts';
import { withinTries } from './withinTries';

export interface Recorded {
  /** False: the claim was not ours any more and the outcome proved nothing new. */
  recorded: boolean;
  message: MessageRow;
  wakes: WakeRef[];
  /** The connection whose state this outcome changed, if any: its workflow is told. */
  changedConnection: string | null;
}

/**
 * Writes down what became of a claimed part, before the activity returns; token and state are compared. `sinceWriteMs`
 * is the time since the request was written (null: it was not). A late outcome of a claim that was found dead still
 * counts as proof. Afterwards, in a second transaction, receipts that came first are applied.
 */
export async function recordOutcome(
  ctx: StoreContext,
  claim: Claim,
  outcome: SendOutcome,
  sinceWriteMs: number | null,
): Promise<Recorded> {
  const recorded = await ctx.db.tx((trx) => recordIn(ctx, trx, claim, outcome, sinceWriteMs));
  const { connection_id: connectionId } = recorded.message;
  const gatewayId = await namedBy(ctx, claim, outcome);
  if (gatewayId === null || connectionId === null) return recorded;
  const { wakes } = await applyReceipts(ctx, claim, connectionId, gatewayId);
  return { ...recorded, wakes: [...recorded.wakes, ...wakes] };
}

/** The gateway's id of the part: from its answer, or from an echo that has proved an ambiguous one. */
async function namedBy(ctx: StoreContext, claim: Claim, outcome: SendOutcome): Promise<string | null> {
  if (outcome.kind === 'accepted') return outcome.gatewayId;
  if (outcome.kind !== 'ambiguous') return null;
  const name = { id: claim.partId, message_id: claim.messageId, location_id: claim.locationId };
  const part = await ctx.db.knex<PartRow>('message_parts').where(name).first();
  return part?.gateway_id ?? null;
}

async function recordIn(
  ctx: StoreContext,
  trx: Trx,
  claim: Claim,
  outcome: SendOutcome,
  sinceWriteMs: number | null,
): Promise<Recorded> {
  const { message, lane } = await lockMessage(trx, claim, claim.messageId);
  const now = await ctx.db.now(trx);
  const part = await trx<PartRow>('message_parts')
    .where({ id: claim.partId, message_id: message.id, attempt_token: claim.attemptToken })
    .first();
  const mine =
    part !== undefined &&
    (part.state === 'sending' ||
      part.state === 'ambiguous' ||
      (part.state === 'unknown' && outcome.kind === 'accepted'));
  const writtenAt = sinceWriteMs === null ? null : Math.round(now - sinceWriteMs);
  await release(trx, lane, claim, writtenAt);
  if (!mine) return { recorded: false, message, wakes: [], changedConnection: null };
  const counted = withinTries(part, outcome);
  const changedConnection = await noteSendOutcome(ctx, trx, message.connection_id, counted, now);
  await recharge(trx, message, part, counted, writtenAt);
  const settled = await applyOutcome(ctx, trx, { message, part, outcome: counted, writtenAt, now });
  const proven = await matchWaitingEchoes(ctx, trx, part, now);
  // It was given up, and somebody may have asked for it once more.
  const heeding = part.state === 'unknown' ? await wakeHeeding(trx, message, now) : [];
  const head = await wakeHead(ctx, trx, lane.id, now);
  return {
    recorded: true,
    message: settled,
    wakes: [
      ...[...proven, ...(head === null ? [] : [head])].filter((wake) => wake.messageId !== message.id),
      ...heeding,
    ],
    changedConnection,
  };
}

/** An echo of an earlier message in doubt has waited while this send to its address was in flight. */
async function matchWaitingEchoes(ctx: StoreContext, trx: Trx, part: PartRow, now: number): Promise<WakeRef[]> {
  return part.connection_id === null ? [] : await matchEchoes(ctx, trx, part.connection_id, part.address_key, now);
}

/** Gives the lane back if the lease is still this claim's, and lets the gap run from the last write that there was. */
async function release(trx: Trx, lane: LaneDbRow, claim: Claim, writtenAt: number | null): Promise<void> {
  if (lane.lease_token !== claim.attemptToken) return;
  await trx<LaneDbRow>('lanes')
    .where({ id: lane.id })
    .update({ lease_until: null, lease_token: null, last_at: writtenAt ?? lane.before_at });
}
