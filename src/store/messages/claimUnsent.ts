import type { Gate } from '../../domain/gate';
import { decideClaim, leaseMs } from '../../domain/lane';
import type { StoreContext, Trx } from '../context';
import { countAhead, findHead, markHead, partyActsAt, wakeHead } from '../lanes';
import type { LaneDbRow, MessageRow } from '../rows';
import { findConnection } from '../find';
import { beginTrial } from '../trials';
import { waitFor, type ClaimResult } from './claimResult';
import { gateNow } from './gateNow';
import { grant } from './grant';
import { fileFirst, withFile } from './inboundFileTurn';
import { paceOf } from './pace';
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
  if (gate.kind === 'end') {
    const ended = await endUnsent(ctx, trx, message, gate.as, { now, reason: gate.reason, reasonText: gate.text });
    return { kind: 'done', state: ended.state, wake: await wakeHead(trx, lane.id, now) };
  }
  const arrived = await fileFirst(ctx, trx, message, now);
  if ('claim' in arrived) return arrived.claim;
  if (gate.kind === 'hold' && !gate.trial) return await waitHeld(trx, message, gate, now);
  const gap = paceOf(ctx, message.direction, connection);
  const head = await findHead(trx, lane.id, now);
  const isHead = head?.id === message.id;
  const decision = decideClaim({
    now,
    self: { messageId: message.id, notBefore: message.not_before },
    freeAt: lane.free_at,
    leaseUntil: lane.lease_until,
    head: head && { messageId: head.id, nextWakeAt: head.next_wake_at },
    ahead: isHead ? 0 : await countAhead(trx, lane.id, message.seq),
    partyActsAt: isHead ? null : await partyActsAt(trx, message),
    gap,
  });
  // In a trial only the head goes on: for everybody else the hold goes on, and so does its clock.
  if (gate.kind === 'hold' && !isHead) return await waitHeld(trx, message, gate, now);
  const isNear = decision.kind !== 'wait' || decision.reason === 'gap';
  const first = isNear ? await prepareFirst(ctx, trx, message, connection, now) : { message };
  if ('claim' in first) return first.claim;
  switch (decision.kind) {
    case 'grant':
      if (dry) return { kind: 'ready' };
      if (gate.kind === 'hold' && connection !== null)
        await beginTrial(trx, connection, now + leaseMs(ctx.timings.gatewayTimeoutMs));
      return await withFile(trx, await grant(ctx, trx, first.message, connection, gap, now), arrived.file);
    case 'sit':
      await waitFor(trx, message, { now, until: now + decision.ms, reason: decision.reason });
      return decision;
    case 'wait': {
      // The head's hold is over when the gateway has dealt with it: a number may answer that it is connected and not send.
      const set = decision.reason === 'gap' ? {} : { hold_since: null };
      const reason = decision.reason === 'retrying' ? backoffReason(message) : decision.reason;
      const wait = await waitFor(trx, message, { now, until: now + decision.ms, reason, set });
      const asleep = decision.wakeHead !== null && head !== null;
      return asleep ? { ...wait, wake: await markHead(trx, lane, head, now) } : wait;
    }
  }
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
