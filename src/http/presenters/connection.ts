import { holdWords } from '../../domain/connectionState';
import type { ConnectionRow } from '../../store/rows';

/** One connection as the operator sees it, without its number and secrets. Times are ISO 8601. */
export interface ConnectionView {
  id: string;
  locationId: string;
  state: string;
  since: string;
  /** Why it can not send, in words. */
  reason?: string;
  /** The gateway's word for it, where it gave one: a code of the error ladder or of the network. */
  code?: string;
  /** What a person does about it. */
  next?: string;
  /** How many messages wait on it. */
  waiting: number;
  /** What it has set for itself. */
  settings: object;
}

/** Returns a connection in the operator's words. */
export function presentConnection(row: ConnectionRow & { waiting: number }): ConnectionView {
  const { id, location_id: locationId, state, waiting } = row;
  const since = new Date(row.state_since).toISOString();
  const settings = JSON.parse(row.settings) as object;
  if (state === 'connected') return { id, locationId, state, since, waiting, settings };
  const { why, next } = holdWords(state, row.trial_at);
  const code = row.reason === null || row.reason === 'probe' ? {} : { code: row.reason };
  return { id, locationId, state, since, reason: why, ...code, next, waiting, settings };
}
