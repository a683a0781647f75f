import { BULK_RANK, type LaneRules } from '../laneRules';
import { isHeldBy, type CapWindow, type Limited, type LimitReason } from './caps';
import { quietUntil } from './quiet';

/** From when on the limits of a number let something go; `reason`: what holds it longest, null: nothing does. */
export interface Opening {
  at: number;
  reason: LimitReason | null;
}

/** The openings of everything that the limits tell apart. */
export interface Openings {
  reply: Opening;
  bulk: Opening;
  /** The same, where it opens a conversation. */
  freshReply: Opening;
  freshBulk: Opening;
}

/** Returns the openings where nothing is limited. */
export function openFrom(now: number): Openings {
  const open = { at: now, reason: null };
  return { reply: open, bulk: open, freshReply: open, freshBulk: open };
}

/** Returns the opening for a message. */
export function openingFor(openings: Openings, { rank, fresh }: Limited): Opening {
  if (rank < BULK_RANK) return fresh ? openings.freshReply : openings.reply;
  return fresh ? openings.freshBulk : openings.bulk;
}

/** A limit, and the time of the write that is the `cap`-th latest it counts; null: there are not so many. */
export interface Used {
  window: CapWindow;
  latestAt: number | null;
}

/** Returns when the limits let each kind of message go, epoch milliseconds, by what was written until `now`. */
export function openingsOf(rules: LaneRules, used: readonly Used[], now: number): Openings {
  const of = (rank: number, fresh: boolean): Opening => openingOf(rules, used, { rank, fresh }, now);
  const [reply, bulk] = [0, BULK_RANK];
  return { reply: of(reply, false), bulk: of(bulk, false), freshReply: of(reply, true), freshBulk: of(bulk, true) };
}

/** Whatever holds it is waited for, one after the other, until nothing does: the end of one may fall into another. */
function openingOf(rules: LaneRules, used: readonly Used[], message: Limited, now: number): Opening {
  const holding = used.filter(({ window }) => isHeldBy(window, message));
  let opening: Opening = { at: now, reason: null };
  for (;;) {
    const next = nextHold(rules, holding, message, opening.at);
    if (next === null) return opening;
    opening = next;
  }
}

function nextHold(rules: LaneRules, holding: readonly Used[], message: Limited, at: number): Opening | null {
  for (const { window, latestAt } of holding) {
    const inForce = window.from <= at && at < window.until;
    const frees = Math.min((latestAt ?? -Infinity) + window.windowMs, window.until);
    if (inForce && frees > at) return { at: frees, reason: window.reason };
  }
  const quiet = message.rank < BULK_RANK ? at : quietUntil(at, rules.quietHours, rules.timeZone);
  return quiet > at ? { at: quiet, reason: 'quiet_hours' } : null;
}
