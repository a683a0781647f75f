import type { FilePost, FileState } from '../domain/inboundFile';
import type { MediaKind } from '../domain/parts';

export interface MediaRow {
  id: string;
  location_id: string;
  message_id: string;
  n: number;
  kind: MediaKind;
  type: string;
  bytes: number;
  sha256: string;
  name_sealed: string;
  source_sealed: string;
  kept_at: number;
  /** Until when a lasting address of it is good; null: there is none. */
  keep_until: number | null;
}

/** The file of a message that arrived: how far it is, and how it is posted. */
export interface InboundFileRow {
  message_id: string;
  location_id: string;
  state: FileState;
  /** Until when its sender's later messages are held for it; null: nobody has begun to fetch it. */
  hold_until: number | null;
  /** It is not fetched before; null: at once. */
  retry_at: number | null;
  /** From when on a further failure is the last; null: it has not failed yet. */
  give_up_at: number | null;
  tries: number;
  /** Why it failed. */
  reason: string | null;
  /** How the post in hand goes with it: kept while nobody knows whether that post arrived. */
  posting: FilePost | null;
  /** Where GHL shows it from. */
  address_sealed: string | null;
  /** GHL's id of the post that brought the file behind its words. */
  ghl_message_id: string | null;
}
