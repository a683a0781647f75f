import { HOLD_WORDS, type ConnectionState } from './connectionState';
import { REASONS } from './reasons';

/** The state of a location's installation, as far as its messages are concerned. */
export const LOCATION_STATES = ['unknown', 'installed', 'suspended', 'reauth_required', 'uninstalled'] as const;
export type LocationState = (typeof LOCATION_STATES)[number];

export interface GateFacts {
  now: number;
  direction: 'outbound' | 'inbound';
  locationState: LocationState;
  /** When a first number was connected to the location; null: never. */
  firstConnectedAt: number | null;
  connection: { state: ConnectionState; since: number; reason: string | null } | null;
  acceptedAt: number;
  /** Since when this message has been held without a break; null: it was not held at the last look. */
  holdSince: number | null;
  holdMaxMs: number;
}

/** What stands before a message, before its lane is even asked. */
export type Gate =
  | { kind: 'open' }
  /** It waits; `until` (epoch ms) is when the wait ends it as failed with `expireAs`. */
  | { kind: 'hold'; reason: string; text: string; until: number; expireAs: keyof typeof REASONS }
  | { kind: 'end'; as: 'failed' | 'cancelled'; reason: keyof typeof REASONS };

/** A message of a location that nobody has installed waits this long (contract: failed after 24 h). */
export const INSTALL_WAIT_MS = 24 * 3600 * 1000;

/** Returns what stands before a message now. A passed deadline comes back as an end. */
export function gateOf(facts: GateFacts): Gate {
  const gate = gateIgnoringDeadline(facts);
  if (gate.kind !== 'hold' || gate.until > facts.now) return gate;
  return { kind: 'end', as: 'failed', reason: gate.expireAs };
}

function gateIgnoringDeadline(facts: GateFacts): Gate {
  const installBy = facts.acceptedAt + INSTALL_WAIT_MS;
  switch (facts.locationState) {
    case 'uninstalled':
      return { kind: 'end', as: 'cancelled', reason: 'uninstalled' };
    case 'unknown':
      return hold('not_installed', installBy, 'not_installed_expired');
    case 'suspended':
    case 'reauth_required':
      return hold(facts.locationState, heldUntil(facts), 'expired_while_held');
    case 'installed':
      return facts.direction === 'inbound' ? { kind: 'open' } : connectionGate(facts, installBy);
  }
}

function connectionGate(facts: GateFacts, installBy: number): Gate {
  const { connection } = facts;
  if (connection === null) return hold('no_connection', installBy, 'no_connection');
  if (connection.state === 'connected') return { kind: 'open' };
  const words = HOLD_WORDS[connection.state];
  const text = `It is held: ${words.why} since ${new Date(connection.since).toISOString()}; ${words.next}.`;
  return { kind: 'hold', reason: connection.state, text, until: heldUntil(facts), expireAs: 'expired_while_held' };
}

function hold(reason: keyof typeof REASONS, until: number, expireAs: keyof typeof REASONS): Gate {
  return { kind: 'hold', reason, text: REASONS[reason], until, expireAs };
}

function heldUntil(facts: GateFacts): number {
  return (facts.holdSince ?? facts.now) + facts.holdMaxMs;
}
