import { standstill } from '../../domain/connectionState';
import type { ReconnectAnswer } from '../../domain/workflowTypes';
import type { QrPicture } from '../../store/qrPictures';
import type { ConnectionRow } from '../../store/rows';

/** One connection as the operator sees it, without its number and secrets. Times are ISO 8601. */
export interface ConnectionView {
  id: string;
  locationId: string;
  state: string;
  since: string;
  /** Since when a person has paused it. */
  pausedSince?: string;
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
  const still = standstill(state, { trialAt: row.trial_at, pausedAt: row.paused_at });
  if (still === null) return { id, locationId, state, since, waiting, settings };
  const { why, next } = still;
  const paused = row.paused_at === null ? {} : { pausedSince: new Date(row.paused_at).toISOString() };
  const code = row.reason === null || row.reason === 'probe' ? {} : { code: row.reason };
  return { id, locationId, state, since, ...paused, reason: why, ...code, next, waiting, settings };
}

/** Returns how a number stands by what its gateway has just said, in the operator's words. */
export function presentReconnect({ gateway, state, since, why, next, waiting }: ReconnectAnswer): object {
  const words = { ...(why === null ? {} : { reason: why }), ...(next === null ? {} : { next }) };
  return { gateway, state, since: new Date(since).toISOString(), ...words, waiting };
}

/** Returns a QR code to scan, or that there is none: the number is connected. */
export function presentQr(picture: QrPicture | null): object {
  if (picture === null) return { connected: true };
  const { png, expiresAt } = picture;
  return { connected: false, png: png.toString('base64'), expiresAt: new Date(expiresAt).toISOString() };
}
