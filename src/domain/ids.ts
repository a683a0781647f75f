/**
 * Every workflow id, built by a pure function. Workflow ids are the idempotency keys of Temporal; each part is
 * URI-encoded, so that a colon in a key can not make two messages share an id.
 */

/** Longest id part accepted from outside, in characters; keeps every id far under Temporal's 1,000. */
export const MAX_KEY_LENGTH = 200;

const part = (text: string): string => encodeURIComponent(text);

/** Returns `outbound:{locationId}:{messageKey}`, with `:r{n}` behind it for a person's resend (attempt n >= 2). */
export function outboundWorkflowId(locationId: string, messageKey: string, attempt = 1): string {
  const base = `outbound:${part(locationId)}:${part(messageKey)}`;
  return attempt > 1 ? `${base}:r${attempt}` : base;
}

/** Returns `inbound:{connectionId}:{gatewayMessageId}`. */
export function inboundWorkflowId(connectionId: string, gatewayMessageId: string): string {
  return `inbound:${part(connectionId)}:${part(gatewayMessageId)}`;
}

/** Returns `connection:{connectionId}`. */
export function connectionWorkflowId(connectionId: string): string {
  return `connection:${part(connectionId)}`;
}

/** Returns `token-refresh:{resourceId}:v{tokenVersion}`: every caller that saw version n meets in the same run. */
export function tokenRefreshWorkflowId(resourceId: string, tokenVersion: number): string {
  return `token-refresh:${part(resourceId)}:v${tokenVersion}`;
}

export type ParsedWorkflowId =
  | { type: 'outboundMessage'; locationId: string; messageKey: string; attempt: number }
  | { type: 'inboundMessage'; connectionId: string; gatewayMessageId: string }
  | { type: 'connection'; connectionId: string }
  | { type: 'tokenRefresh'; resourceId: string; tokenVersion: number };

/** Returns what a workflow id names, or null when it is none of ours. The inverse of the functions above. */
export function parseWorkflowId(id: string): ParsedWorkflowId | null {
  const [head, ...rest] = id.split(':');
  const [a, b, c] = rest.map(decodeURIComponent);
  if (head === 'outbound' && a !== undefined && b !== undefined) {
    return { type: 'outboundMessage', locationId: a, messageKey: b, attempt: c === undefined ? 1 : Number(c.slice(1)) };
  }
  if (head === 'inbound' && a !== undefined && b !== undefined) {
    return { type: 'inboundMessage', connectionId: a, gatewayMessageId: b };
  }
  if (head === 'connection' && a !== undefined) return { type: 'connection', connectionId: a };
  if (head === 'token-refresh' && a !== undefined && b !== undefined) {
    return { type: 'tokenRefresh', resourceId: a, tokenVersion: Number(b.slice(1)) };
  }
  return null;
}

/** Returns the lane of a connection's sends: one write at a time, gaps between them. */
export function outboundLaneId(connectionId: string): string {
  return `out:${connectionId}`;
}

/** Returns the lane of what one address writes to one connection: posted in order, nothing else waits for it. */
export function inboundLaneId(connectionId: string, addressKey: string): string {
  return `in:${connectionId}:${addressKey}`;
}

/** Returns the lane where a location's messages wait, in order, until the location has a connection. */
export function parkingLaneId(locationId: string): string {
  return `park:${locationId}`;
}
