import { findConnection } from '../find';
import type { Trx } from '../context';
import type { MessageRow } from '../rows';
import { waitFor, type ClaimResult } from './claimResult';

/**
 * Asks whether a gateway host (`host:port`) takes one more send of this process: null, or after how many milliseconds to
 * ask again. A transaction may be run anew, so asking twice has to be the same as asking once.
 */
export type Admit = (host: string) => number | null;

/**
 * Returns the wait of a message whose gateway host is full; null where it may go on to its lane. The host is asked before
 * anything is claimed, and of connected numbers alone: of the others none but a trial reaches the gateway.
 */
export async function notAdmitted(
  trx: Trx,
  message: MessageRow,
  now: number,
  admit: Admit,
): Promise<ClaimResult | null> {
  const connection = await findConnection(trx, message.connection_id);
  if (connection?.state !== 'connected') return null;
  const ms = admit(hostOf(connection.base_url));
  return ms === null ? null : await waitFor(trx, message, { now, until: now + ms, reason: 'host_full' });
}

/** An address that is none is refused by the adapter; it counts as a host of its own. */
function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
}
