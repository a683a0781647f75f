import { randomBytes } from 'node:crypto';
import { partOf, type PartSpec } from '../../domain/parts';
import { present } from '../../domain/present';
import { DRAWS } from '../../domain/lane/gap';
import { CLAIM_MAX_AGE_MS, leaseMs } from '../../domain/lane/lease';
import { endpointOf } from '../connections';
import type { StoreContext, Trx } from '../context';
import { charge } from '../lane/charge';
import type { ConnectionRow, LaneDbRow, MessageRow, PartRow } from '../rows';
import type { ClaimResult } from './claimResult';
import { openAddress, openContent } from './codec';
import { partsOf, settle } from './settle';

/** An answer may lie on its way for a moment after the lease: ask again then. */
export const AFTER_LEASE_MS = 500;

/** Writes the claim down before anything is sent: `sending`, a token, a lease, and the lane taken. */
export async function grant(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  lane: LaneDbRow,
  connection: ConnectionRow | null,
  now: number,
): Promise<ClaimResult> {
  const parts = await partsOf(trx, message);
  const part = present(
    parts.find((one) => one.state === 'unsent'),
    'an unsent part',
  );
  const token = randomBytes(16).toString('hex');
  const until = now + leaseMs(ctx.timings.gatewayTimeoutMs);
  const claim = {
    state: 'sending',
    attempt_token: token,
    claimed_at: now,
    lease_until: until,
    state_since: now,
  } as const;
  await trx<PartRow>('message_parts')
    .where({ id: part.id })
    .update({ ...claim, ...(await charge(trx, message, now)) });
  // The gap runs from the write; until that is recorded, from the latest moment at which it can be.
  const pace = {
    last_at: now + CLAIM_MAX_AGE_MS,
    before_at: lane.last_at,
    jitter: Math.floor(ctx.random() * DRAWS),
  };
  await trx<LaneDbRow>('lanes')
    .where({ id: lane.id })
    .update({ lease_until: until, lease_token: token, ...pace });
  const set = { claimed: 1 as const, fresh: 0 as const };
  const claimed = await settle(ctx, trx, message, {
    now,
    reason: 'in_flight',
    reasonText: null,
    nextWakeAt: until + AFTER_LEASE_MS,
    set,
  });
  const content = openContent(ctx.crypto, message.id, present(message.content_sealed, 'the content of a message'));
  return {
    kind: 'granted',
    claim: {
      locationId: message.location_id,
      messageId: message.id,
      partId: part.id,
      attemptToken: token,
      n: part.n,
      m: part.m,
    },
    gateway: connection?.gateway ?? message.source,
    endpoint: connection && endpointOf(ctx, connection),
    to: openAddress(
      ctx.crypto,
      message.id,
      message.channel,
      present(message.address_sealed, 'the address of a message'),
    ),
    part: partOf(content, specOf(part)),
    content,
    message: claimed,
    lookFirst: part.ambiguous_until !== null,
    file: null,
  };
}

/** Returns what a part is of its message's content. */
export function specOf(part: PartRow): PartSpec {
  return JSON.parse(present(part.spec, 'what a part is')) as PartSpec;
}
