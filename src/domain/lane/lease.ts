/** A claim is written at most this long after it was granted, otherwise it is given back as not sent. */
export const CLAIM_MAX_AGE_MS = 5_000;

/** Returns how long a claim's lease lives: the gateway call at its longest, and time to write the outcome down. */
export function leaseMs(gatewayTimeoutMs: number): number {
  return gatewayTimeoutMs + 12_000;
}
