import type { StoreContext, Trx, WakeRef } from '../context';
import { wakeHead } from '../lanes';
import type { LaneDbRow, MessageRow, PartRow } from '../rows';
import type { Claim } from './claimResult';
import { leaveFileBehind, noteFilePost } from './postedFile';
import { lockMessage } from './lock';
import { settle } from './settle';

/** What became of posting an inbound message to GHL. */
export type PostOutcome =
  | {
      kind: 'posted';
      ghlMessageId: string;
      contactId: string;
      conversationId: string | null;
      /** Its words are there; its file comes behind them, in a post of its own. */
      fileFollows?: boolean;
    }
  /** Certainly not there: once more, at the earliest in `waitMs`. */
  | { kind: 'later'; waitMs: number; code: string }
  /** It may be there: it is looked up before it is posted again. */
  | { kind: 'ambiguous'; waitMs: number; code: string }
  | { kind: 'failed'; code: string; text: string };

/** Writes down what became of a claimed inbound message and gives its lane back. Returns whom to wake. */
export async function recordPosted(
  ctx: StoreContext,
  claim: Claim,
  outcome: PostOutcome,
): Promise<{ wakes: WakeRef[] }> {
  return await ctx.db.tx(async (trx) => {
    const { message, lane } = await lockMessage(trx, claim, claim.messageId);
    const now = await ctx.db.now(trx);
    if (lane.lease_token === claim.attemptToken) {
      await trx<LaneDbRow>('lanes')
        .where({ id: lane.id })
        .update({ lease_until: null, lease_token: null, last_at: now });
    }
    const part = await trx<PartRow>('message_parts')
      .where({ id: claim.partId, message_id: message.id, attempt_token: claim.attemptToken, state: 'sending' })
      .first();
    if (part === undefined) return { wakes: [] };
    await trx<PartRow>('message_parts')
      .where({ id: part.id })
      .update({ ...partAfter(outcome, now), lease_until: null, state_since: now });
    const freeId = outcome.kind === 'posted' ? await freeIdOf(trx, message, outcome.ghlMessageId) : null;
    await settle(ctx, trx, message, { reasonText: null, ...messageAfter(outcome, message, freeId, now) });
    if (outcome.kind === 'posted' && outcome.fileFollows === true) await leaveFileBehind(ctx, trx, message, part, now);
    if (outcome.kind === 'posted' && part.n > 1) await noteFilePost(trx, message, outcome.ghlMessageId);
    const head = await wakeHead(ctx, trx, lane.id, now);
    return { wakes: head === null || head.messageId === message.id ? [] : [head] };
  });
}

function partAfter(outcome: PostOutcome, now: number): Partial<PartRow> {
  switch (outcome.kind) {
    case 'posted':
      return { state: 'delivered', reason: null };
    case 'failed':
      return { state: 'failed', reason: outcome.code };
    case 'later':
      return { state: 'unsent' };
    case 'ambiguous':
      return { state: 'unsent', ambiguous_until: now };
  }
}

/**
 * GHL's id is one row's. Two numbers may post messages under the same altId, so that the look-up of one finds what the
 * other has posted: it is there, and has its row.
 */
async function freeIdOf(trx: Trx, { id, location_id }: MessageRow, ghlMessageId: string): Promise<string | null> {
  const other = await trx<MessageRow>('messages')
    .where({ location_id, ghl_message_id: ghlMessageId })
    .whereNot({ id })
    .first('id');
  return other === undefined ? ghlMessageId : null;
}

function messageAfter(
  outcome: PostOutcome,
  message: MessageRow,
  freeId: string | null,
  now: number,
): Parameters<typeof settle>[3] {
  switch (outcome.kind) {
    case 'posted': {
      // A file that came behind its words may stand with another contact: the message stays where its words are.
      const isFile = message.contact_id !== null;
      const set = {
        ghl_message_id: message.ghl_message_id ?? freeId,
        contact_id: isFile ? message.contact_id : outcome.contactId,
        conversation_id: isFile ? message.conversation_id : outcome.conversationId,
        told: 'read' as const,
      };
      return { now, reason: null, set };
    }
    case 'failed':
      return { now, reason: outcome.code, reasonText: outcome.text };
    case 'later':
    case 'ambiguous': {
      const at = now + outcome.waitMs;
      return { now, reason: 'retrying', nextWakeAt: at, set: { not_before: at, tries: message.tries + 1 } };
    }
  }
}
