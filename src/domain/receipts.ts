/** What counts as the delivery of a message on a number, and what the number's receipts have taught. Pure. */

/** full: only a delivery receipt is a delivery. none: an echo or the server's ack is enough. */
export type ReceiptMode = 'full' | 'none';

/** What a connection has set for itself; absent: `auto`, and the bridge's own time. */
export interface ReceiptSettings {
  receipts?: 'auto' | ReceiptMode;
  /** Milliseconds without a receipt that raise the number's alarm. */
  receiptAlarmMs?: number;
}

/** So many accepted messages without a receipt, and `auto` takes the gateway for one that sends none. */
export const SENDS_TO_LEARN_NONE = 5;

/** Returns whether the mode is to be found out: nobody has set it. */
export function isAuto({ receipts }: ReceiptSettings): boolean {
  return receipts === undefined || receipts === 'auto';
}

/** Returns what counts as a delivery: as set, else as learnt, else `full`, with which `auto` begins. */
export function receiptMode(settings: ReceiptSettings, learnt: ReceiptMode | null): ReceiptMode {
  if (settings.receipts === 'full' || settings.receipts === 'none') return settings.receipts;
  return learnt ?? 'full';
}

/**
 * Returns for how many milliseconds a number has sent without a receipt; null: none is awaited. Only time while it was
 * connected counts: a number that is down can not be told of receipts, and its own alert says so.
 */
export function unreceiptedForMs(facts: {
  now: number;
  connected: boolean;
  stateSince: number;
  /** When the first send since the last delivery receipt was written; null: there was none. */
  unreceiptedSince: number | null;
}): number | null {
  if (!facts.connected || facts.unreceiptedSince === null) return null;
  return facts.now - Math.max(facts.unreceiptedSince, facts.stateSince);
}
