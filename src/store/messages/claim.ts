import { present } from '../../domain/present';
import type { Scope, StoreContext, Trx, WakeRef } from '../context';
import { wakeHead } from '../lanes';
import { heed } from '../resends/heed';
import type { MessageRow, PartRow } from '../rows';
import { notAdmitted, type Admit } from './admission';
import { makeAmbiguous } from './ambiguous';
import { waitFor, type ClaimResult, type WaitOptions } from './claimResult';
import { classAtClaim } from './classify';
import { claimUnsent } from './claimUnsent';
import { endDoubt } from './doubt';
import { matchEchoes } from './echoes';
import { AFTER_LEASE_MS } from './grant';
import { lockMessage } from './lock';
import { rereadMessage, rereadPart } from './reread';
import { partsOf, settle } from './settle';

/**
 * Asks for the right to send the message's next part: one transaction under the lane's lock. The ledger alone decides;
 * a start, reset or re-run of a workflow can not get a part that was once claimed. Throws not_found for another
 * location's message. `dry` looks without being granted: a sitter makes sure in between that its run is still wanted.
 * `admit` is asked whether the message's gateway host has room; without it there is always.
 */
export async function claimPart(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  options: { dry?: boolean; admit?: Admit } = {},
): Promise<ClaimResult> {
  return await ctx.db.tx(async (trx) => {
    const { message, lane } = await lockMessage(trx, scope, messageId);
    const now = await ctx.db.now(trx);
    if (message.open === 0) return { kind: 'done', state: message.state, wake: null };
    const inHand = await resolveClaimed(ctx, trx, message, now);
    if ('claim' in inHand) return inHand.claim;
    const fresh = await classAtClaim(trx, await rereadMessage(trx, messageId));
    if (fresh.open === 0) return await done(ctx, trx, fresh, now, inHand.wakes);
    const heeded = await heed(ctx, trx, fresh, now);
    if (heeded !== null) return heeded;
    const full = options.admit && (await notAdmitted(trx, fresh, now, options.admit));
    return full ?? (await claimUnsent(ctx, trx, fresh, lane, now, options.dry === true));
  });
}

/** An echo that has just proved the message has marked the next one already: it counts as woken, and is to be. */
async function done(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  now: number,
  wakes: readonly WakeRef[],
): Promise<ClaimResult> {
  const marked = wakes.find((wake) => wake.messageId !== message.id);
  return { kind: 'done', state: message.state, wake: marked ?? (await wakeHead(ctx, trx, message.lane_id, now)) };
}

/**
 * Deals with a part that is claimed already: in flight, found dead, or waiting for its echo. Returns the answer to the
 * claim, or whom an echo has marked to be woken when no part is in hand any more.
 */
async function resolveClaimed(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  now: number,
): Promise<{ claim: ClaimResult } | { wakes: WakeRef[] }> {
  const part = (await partsOf(trx, message)).find((one) => one.state === 'sending' || one.state === 'ambiguous');
  if (part === undefined) return { wakes: [] };
  const leasedUntil = part.lease_until ?? 0;
  if (part.state === 'sending' && leasedUntil > now) {
    const until = leasedUntil + AFTER_LEASE_MS;
    return { claim: await waitFor(trx, message, { now, until, reason: 'in_flight', state: 'sending' }) };
  }
  if (message.direction === 'inbound') {
    // GHL can be asked whether the post arrived: it is claimed again, and looked up first.
    const dead = { state: 'unsent' as const, ambiguous_until: now, state_since: now };
    await trx<PartRow>('message_parts').where({ id: part.id }).update(dead);
    await settle(ctx, trx, message, { now });
    return { wakes: [] };
  }
  if (part.state === 'sending') await makeAmbiguous(ctx, trx, message, part, now);
  const connectionId = present(part.connection_id, 'the connection of a claimed part');
  const wakes = await matchEchoes(ctx, trx, connectionId, part.address_key, now);
  const open = await rereadPart(trx, part.id);
  if (open.state !== 'ambiguous') return { wakes };
  const echoUntil = open.ambiguous_until ?? 0;
  if (echoUntil > now) {
    const echo = { now, until: echoUntil, reason: 'awaiting_echo', state: 'sending' } as const;
    return { claim: await awaitEcho(ctx, trx, message, echo, wakes) };
  }
  await endDoubt(ctx, trx, message, open, now);
  return { wakes };
}

/** Its own contact waits with it, the lane does not: nobody else would wake the lane for a worker that is dead. */
async function awaitEcho(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  echo: WaitOptions,
  wakes: readonly WakeRef[],
): Promise<ClaimResult> {
  const wait = await waitFor(trx, message, echo);
  const marked = wakes.find((wake) => wake.messageId !== message.id);
  return { ...wait, wake: marked ?? (await wakeHead(ctx, trx, message.lane_id, echo.now)) };
}
