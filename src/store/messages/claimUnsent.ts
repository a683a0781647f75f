import type { Gate } from '../../domain/gate';
import { decideClaim } from '../../domain/lane/decide';
import { leaseMs } from '../../domain/lane/lease';
import type { StoreContext, Trx } from '../context';
import { gapBefore } from '../lane/gap';
import { findUnrepeated } from '../lane/repeats';
import { lookAt } from '../lane/sight';
import { forecastTurn, LIMIT_REASONS, ownWait } from '../lane/turn';
import { markHead, partyActsAt, wakeHead } from '../lanes';
import type { LaneDbRow, MessageRow } from '../rows';
import { findConnection } from '../find';
import { askForTags } from '../routing/routeByTags';
import { beginTrial } from '../trials';
import { waitFor, type ClaimResult } from './claimResult';
import { gateNow } from './gateNow';
import { grant } from './grant';
import { fileFirst, withFile } from './inboundFileTurn';
import { endUnsent } from './settle';
import { prepareFirst } from './unprepared';

/** Asks the gate, then the lane, for a message whose next part nobody has claimed. */
export async function claimUnsent(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  lane: LaneDbRow,
  now: number,
  dry: boolean,
): Promise<ClaimResult> {
  const connection = await findConnection(trx, message.connection_id);
  const gate = await gateNow(ctx, trx, message, connection, now);
  // Also after a hold that lasted longer than anybody waits for a first number: it only has to be asked for.
  const homeless = gate.kind !== 'open' && gate.reason === 'no_connection';
  const route = homeless ? await askForTags(trx, message, now) : null;
  if (route !== null) return route;
  if (gate.kind === 'end') {
    const ended = await endUnsent(ctx, trx, message, gate.as, { now, reason: gate.reason, reasonText: gate.text });
    return { kind: 'done', state: ended.state, wake: await wakeHead(ctx, trx, lane.id, now) };
  }
  const arrived = await fileFirst(ctx, trx, message, now);
  if ('claim' in arrived) return arrived.claim;
  if (gate.kind === 'hold' && !gate.trial) return await waitHeld(trx, message, gate, now);
  const sight = await lookAt(ctx, trx, lane, now);
  const next = await findUnrepeated(trx, sight, message.id);
  const isNext = next?.message.id === message.id;
  const gapEndsAt = next === null ? now : await gapBefore(trx, sight, next.message);
  const decision = decideClaim({
    now,
    self: { messageId: message.id, wait: ownWait(sight, isNext ? next.message : message) },
    gapEndsAt,
    leaseUntil: lane.lease_until,
    next: next && { messageId: next.message.id, at: next.at, nextWakeAt: next.message.next_wake_at },
    forecastAt: isNext ? now : await forecastTurn(trx, sight, message, gapEndsAt),
    partyActsAt: isNext ? null : await partyActsAt(trx, message),
    isPaced: sight.rules.pace.text.maxMs > 0,
  });
  // In a trial only the head goes on: for everybody else the hold goes on, and so does its clock.
  if (gate.kind === 'hold' && !isNext) return await waitHeld(trx, message, gate, now);
  const isNear = decision.kind !== 'wait' || decision.reason === 'gap';
  const first = isNear ? await prepareFirst(ctx, trx, message, connection, now) : { message };
  if ('claim' in first) return first.claim;
  switch (decision.kind) {
    case 'grant':
      if (dry) return { kind: 'ready' };
      if (gate.kind === 'hold' && connection !== null)
        await beginTrial(trx, connection, now + leaseMs(ctx.timings.gatewayTimeoutMs));
      return await withFile(trx, await grant(ctx, trx, first.message, lane, connection, now), arrived.file);
    case 'sit':
      await waitFor(trx, message, { now, until: now + decision.ms, reason: decision.reason });
      return decision;
    case 'wait': {
      // The head's hold is over when the gateway has dealt with it: a number may answer that it is connected and not send.
      const set = { ...(decision.reason === 'gap' ? {} : { hold_since: null }), ...standingClock(decision.reason) };
      const reason = decision.reason === 'retrying' ? backoffReason(message) : decision.reason;
      const wait = await waitFor(trx, message, { now, until: now + decision.ms, reason, set });
      const asleep = decision.wakeHead !== null && next !== null;
      return asleep ? { ...wait, wake: await markHead(trx, lane, next.message, now) } : wait;
    }
  }
}

/** A number's limits are not the message's doing: the clock of its retries stands meanwhile. */
function standingClock(reason: string): Partial<MessageRow> {
  return LIMIT_REASONS.includes(reason) ? { retry_last_at: null } : {};
}

/** Returns why a message is in its back-off: the gateway's doing, where nothing else is known. */
function backoffReason({ reason }: MessageRow): string {
  return reason === 'preparing' || reason === 'file_retrying' ? reason : 'retrying';
}

/** Notes that a message is held, since when, and until when at most. */
async function waitHeld(
  trx: Trx,
  message: MessageRow,
  gate: Gate & { kind: 'hold' },
  now: number,
): Promise<ClaimResult> {
  const set = { hold_since: message.hold_since ?? now, retry_last_at: null };
  return await waitFor(trx, message, { now, until: gate.until, reason: gate.reason, reasonText: gate.text, set });
}
