import type { Unreceived } from '../../store/ghlFacts';
import type { OutageRow } from '../../store/reconcile/outages';

/** An outage as the operator reads it. Times are ISO 8601. */
export interface OutageView {
  locationId: string;
  /** Absent: the bridge itself was away. */
  connectionId?: string;
  from: string;
  to: string;
  state: 'looking' | 'looked';
  /** Statuses that GHL is told again, and sends without a receipt; absent while it is looked at. */
  retold?: number;
  unreceipted?: number;
  /** False: GHL could not be looked through to the beginning of the outage; more may be missing than is listed. */
  whole: boolean;
  unreceived: { messageId: string; contactId?: string; at: string }[];
  next: string;
}

/** Returns an outage with what was missed in it. */
export function presentOutage(row: OutageRow, missed: Unreceived[]): OutageView {
  const done = row.done_at !== null;
  return {
    locationId: row.location_id,
    ...(row.connection_id === null ? {} : { connectionId: row.connection_id }),
    ...{ from: iso(row.from_at), to: iso(row.to_at), state: done ? 'looked' : 'looking' },
    ...(done ? { retold: row.retold ?? 0, unreceipted: row.unreceipted ?? 0 } : {}),
    whole: row.whole === 1,
    unreceived: missed.map(({ ghlMessageId: messageId, contactId, at }) => ({
      ...{ messageId, at: iso(at), ...(contactId === null ? {} : { contactId }) },
    })),
    next: nextOf(row, done, missed.length),
  };
}

function nextOf(row: OutageRow, done: boolean, missed: number): string {
  if (row.connection_id !== null) return 'Nothing to do: what contacts wrote meanwhile comes from WhatsApp by itself.';
  if (!done) return 'GHL is being looked through; come back in some minutes.';
  const phone = 'Look at the phones for what contacts wrote in that time: nobody can tell.';
  if (missed === 0) return phone;
  return `${phone} GHL may still post what is listed, for some hours; then send again in GHL what still matters.`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
