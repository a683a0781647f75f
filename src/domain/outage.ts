/** When nobody was there to take what GHL and the gateways post. Times are epoch milliseconds. */
export interface Outage {
  from: number;
  to: number;
}

/** How often an ingress writes down that it is there. */
export const BEAT_MS = 20_000;
/** A shorter silence is a restart. What was lost in this one is looked for; gateways and GHL may not post it again. */
export const OUTAGE_MS = 60_000;
/** People are told of one that took so long. */
export const ALARM_MS = 180_000;
/** What was posted at the very ends of an outage may have been lost too, and clocks differ. */
export const EDGE_MS = 60_000;
/** GHL repeats what it could not post; so soon after an outage nothing is missed yet. */
export const SETTLE_MS = 120_000;
/** People are told of an outage for so long; it stays in the list. */
export const TOLD_MS = 86_400_000;

/** Returns the outage that lies between the last sign of life and this one; null: there was none. */
export function outageBetween(lastSeen: number | null, now: number): Outage | null {
  return lastSeen === null || now - lastSeen < OUTAGE_MS ? null : { from: lastSeen, to: now };
}
