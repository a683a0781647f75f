import type { LimitReason } from './caps';
import { isAsleep } from './wake';

/** Why a message waits in its lane. Codes of src/domain/reasons.ts. */
export type WaitReason = LimitReason | 'gap' | 'behind' | 'retrying' | 'in_flight' | 'same_text';

/** What stands before a message itself, whoever else waits. */
export interface OwnWait {
  /** Until when, epoch milliseconds; past: nothing does. */
  until: number;
  reason: WaitReason;
}

export interface LaneView {
  now: number;
  self: { messageId: string; wait: OwnWait };
  /** When the gap before the next part has run. */
  gapEndsAt: number;
  /** Until when another part's claim may still be writing; null or past: nobody is. */
  leaseUntil: number | null;
  /** Who goes next, and from when on the limits and its own waits let it; null: nobody waits. */
  next: { messageId: string; at: number; nextWakeAt: number | null } | null;
  /** When the asking one will probably go; read only where another goes first. */
  forecastAt: number;
  /** When the first unfinished one to the same party acts next; null: none is before this one. Its end wakes this. */
  partyActsAt: number | null;
  /** False: nothing is paced here. */
  isPaced: boolean;
}

export type LaneDecision =
  | { kind: 'grant' }
  /** It is this one's turn very soon: look again within `ms` without going back to sleep. */
  | { kind: 'sit'; ms: number; reason: WaitReason }
  | { kind: 'wait'; ms: number; reason: WaitReason; wakeHead: string | null };

/** The head sits out waits up to this long inside its activity; longer ones are slept outside. */
export const SIT_MS = 15_000;
/** Nobody asks again sooner. */
const LEAST_NAP_MS = 1_000;
/** Long enough that hardly anybody wakes by itself, and short where a wake was lost for good. */
const UNPACED_NAP_MS = 30_000;

/** Returns what the asking message does now. Never grants while a lease lives, the gap runs or another is the head. */
export function decideClaim(view: LaneView): LaneDecision {
  const { now, self, next } = view;
  if (next?.messageId !== self.messageId) return stepBack(view);
  const ownMs = Math.max(self.wait.until, next.at) - now;
  if (ownMs > 0 && (ownMs > SIT_MS || self.wait.reason === 'retrying')) return wait(ownMs, self.wait.reason, null);
  if (ownMs > 0) return { kind: 'sit', ms: ownMs, reason: self.wait.reason };
  const leasedMs = (view.leaseUntil ?? 0) - now;
  if (leasedMs > 0) return { kind: 'sit', ms: leasedMs, reason: 'in_flight' };
  const toGap = view.gapEndsAt - now;
  if (toGap <= 0) return { kind: 'grant' };
  return toGap <= SIT_MS ? { kind: 'sit', ms: toGap, reason: 'gap' } : wait(toGap, 'gap', null);
}

/** Another goes first, and is woken where it sleeps too long; this one sleeps until its own turn. */
function stepBack(view: LaneView): LaneDecision {
  const { now, self, next } = view;
  const mayGoAt = Math.max(next?.at ?? 0, view.gapEndsAt, view.leaseUntil ?? 0, now);
  const asleep = next !== null && isAsleep(next.nextWakeAt, mayGoAt, now) ? next.messageId : null;
  if (self.wait.reason === 'retrying' && self.wait.until > now) return wait(self.wait.until - now, 'retrying', asleep);
  const turnAt = Math.max(view.forecastAt, self.wait.until, view.partyActsAt ?? 0, now + leastNap(view));
  return wait(turnAt - now, self.wait.until > now ? self.wait.reason : 'behind', asleep);
}

function wait(ms: number, reason: WaitReason, wakeHead: string | null): LaneDecision {
  return { kind: 'wait', ms, reason, wakeHead };
}

/**
 * Where nothing is paced there is no turn to plan: whoever stands behind its own party's earlier one is woken by the end
 * of that. Otherwise a burst would ask for its turn every second, and what is asked in vain takes the place of what goes.
 */
function leastNap({ partyActsAt, isPaced }: LaneView): number {
  return partyActsAt !== null && !isPaced ? UNPACED_NAP_MS : LEAST_NAP_MS;
}
