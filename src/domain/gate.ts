import { expiredWords, holdWords, type ConnectionState } from './connectionState';
import { REASONS } from './reasons';

/** The state of a location's installation, as far as its messages are concerned. */
export const LOCATION_STATES = ['unknown', 'installed', 'suspended', 'reauth_required', 'uninstalled'] as const;
export type LocationState = (typeof LOCATION_STATES)[number];

export interface ConnectionFacts {
  state: ConnectionState;
  since: number;
  /** Why it is held, in words for people in GHL; null: nothing is known beyond its state. */
  words: string | null;
  /** While it is held: from when on one message may be tried; null: not by trial. */
  trialAt: number | null;
  /** Since when a person has paused it; null: nobody has. */
  pausedAt: number | null;
}

export interface GateFacts {
  now: number;
  direction: 'outbound' | 'inbound';
  locationState: LocationState;
  /** When a first number was connected to the location; null: never. */
  firstConnectedAt: number | null;
  connection: ConnectionFacts | null;
  acceptedAt: number;
  /** Since when this message has been held without a break; null: it was not held at the last look. */
  holdSince: number | null;
  holdMaxMs: number;
  /** The contact wants no messages. */
  optedOut: boolean;
  /** It is what tells the contact that it has opted out, and goes to nobody else. */
  confirmsOptOut: boolean;
}

/** What stands before a message, before its lane is even asked. */
export type Gate =
  | { kind: 'open' }
  /**
   * It waits; `until` (epoch ms) is when the wait ends it as failed with `expireAs`. `trial`: the head of the lane may
   * be sent all the same, to find out whether the number can send again.
   */
  | ({ kind: 'hold'; reason: string; text: string; until: number; trial: boolean } & Expiry)
  | { kind: 'end'; as: 'failed' | 'cancelled'; reason: keyof typeof REASONS; text: string | null };

/** How a hold ends that lasts too long; `expireText`: words of its own, null where the reason's are enough. */
interface Expiry {
  expireAs: keyof typeof REASONS;
  expireText: string | null;
}

/** A message of a location that nobody has installed waits this long (contract: failed after 24 h). */
export const INSTALL_WAIT_MS = 24 * 3600 * 1000;

const PAUSED_TOO_LONG = 'The number was paused for too long. Have it resumed, then send again if it still matters.';

/** Returns what stands before a message now. A passed deadline comes back as an end. */
export function gateOf(facts: GateFacts): Gate {
  const gate = gateIgnoringDeadline(facts);
  if (gate.kind !== 'hold' || gate.until > facts.now) return gate;
  return { kind: 'end', as: 'failed', reason: gate.expireAs, text: gate.expireText };
}

function gateIgnoringDeadline(facts: GateFacts): Gate {
  const installBy = facts.acceptedAt + INSTALL_WAIT_MS;
  const optOut = facts.direction === 'outbound' ? optOutGate(facts) : null;
  if (optOut !== null && facts.locationState !== 'uninstalled') return optOut;
  switch (facts.locationState) {
    case 'uninstalled':
      return { kind: 'end', as: 'cancelled', reason: 'uninstalled', text: null };
    case 'unknown':
      return hold('not_installed', installBy, 'not_installed_expired');
    case 'suspended':
    case 'reauth_required':
      return hold(facts.locationState, heldUntil(facts), 'expired_while_held');
    case 'installed':
      return facts.direction === 'inbound' ? { kind: 'open' } : connectionGate(facts, installBy);
  }
}

/** A word of the contact's stands above every hold: nobody waits for a number to hear it. */
function optOutGate({ optedOut, confirmsOptOut }: GateFacts): Gate | null {
  if (optedOut === confirmsOptOut) return null;
  if (optedOut) return { kind: 'end', as: 'failed', reason: 'opted_out', text: null };
  return { kind: 'end', as: 'cancelled', reason: 'opted_in_again', text: null };
}

function connectionGate(facts: GateFacts, installBy: number): Gate {
  const { connection } = facts;
  if (connection === null) return hold('no_connection', installBy, 'no_connection');
  if (connection.pausedAt !== null) return pauseGate(facts, connection.pausedAt);
  if (connection.state === 'connected') return { kind: 'open' };
  const { state, since, trialAt } = connection;
  const words = holdWords(state, trialAt);
  const text = `It is held: ${words.why} since ${new Date(since).toISOString()}; ${words.next}.`;
  const expiry = { expireAs: 'expired_while_held', expireText: expiredWords(state, connection.words) } as const;
  const trial = trialAt !== null && trialAt <= facts.now;
  return { kind: 'hold', reason: state, text, until: heldUntil(facts), trial, ...expiry };
}

/** A person's word stands above the number's state, also for a trial. */
function pauseGate(facts: GateFacts, pausedAt: number): Gate {
  const text = `It is held: a person has paused the number since ${new Date(pausedAt).toISOString()}; it goes out when the number is resumed.`;
  const held = hold('paused', heldUntil(facts), 'expired_while_held');
  return { ...held, text, expireText: PAUSED_TOO_LONG };
}

function hold(reason: keyof typeof REASONS, until: number, expireAs: keyof typeof REASONS): Gate & { kind: 'hold' } {
  return { kind: 'hold', reason, text: REASONS[reason], until, trial: false, expireAs, expireText: null };
}

function heldUntil(facts: GateFacts): number {
  return (facts.holdSince ?? facts.now) + facts.holdMaxMs;
}
