/**
 * Every workflow id, built by a pure function. Workflow ids are the idempotency keys of Temporal; each part is
 * URI-encoded, so that a colon in a key can not make two messages share an id. The routes let in what is at most 240
 * characters long then (src/http/fields.ts), which keeps every id far under Temporal's 1,000.
 */

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

/** Returns `installation:location:{id}` or `installation:company:{id}`. */
export function installationWorkflowId(kind: 'location' | 'company', resourceId: string): string {
  return `installation:${kind}:${part(resourceId)}`;
}

export type ParsedWorkflowId =
  | { type: 'outboundMessage'; locationId: string; messageKey: string; attempt: number }
  | { type: 'inboundMessage'; connectionId: string; gatewayMessageId: string }
  | { type: 'connection'; connectionId: string }
  | { type: 'tokenRefresh'; resourceId: string; tokenVersion: number }
  | { type: 'installation'; kind: 'location' | 'company'; resourceId: string };

const OUTBOUND = /^outbound:([^:]+):([^:]+)(?::r([2-9]|[1-9]\d+))?$/;
const INBOUND = /^inbound:([^:]+):([^:]+)$/;
const CONNECTION = /^connection:([^:]+)$/;
const INSTALLATION = /^installation:(location|company):([^:]+)$/;
const TOKEN_REFRESH = /^token-refresh:([^:]+):v(\d+)$/;

/** Returns what a workflow id names, or null when it is none of ours. The inverse of the functions above. */
export function parseWorkflowId(id: string): ParsedWorkflowId | null {
  const [locationId, messageKey, attempt = '1'] = partsOf(OUTBOUND, id);
  if (locationId !== undefined && messageKey !== undefined)
    return { type: 'outboundMessage', locationId, messageKey, attempt: Number(attempt) };
  const [connectionId, gatewayMessageId] = partsOf(INBOUND, id);
  if (connectionId !== undefined && gatewayMessageId !== undefined)
    return { type: 'inboundMessage', connectionId, gatewayMessageId };
  const [shown] = partsOf(CONNECTION, id);
  if (shown !== undefined) return { type: 'connection', connectionId: shown };
  const [kind, installed] = partsOf(INSTALLATION, id);
  if (installed !== undefined && (kind === 'location' || kind === 'company'))
    return { type: 'installation', kind, resourceId: installed };
  const [resourceId, version] = partsOf(TOKEN_REFRESH, id);
  return resourceId === undefined ? null : { type: 'tokenRefresh', resourceId, tokenVersion: Number(version) };
}

/** Returns the decoded parts of an id of this form; none when it is of another form, or not encoded by us. */
function partsOf(form: RegExp, id: string): (string | undefined)[] {
  try {
    return (form.exec(id) ?? []).slice(1).map((text: string | undefined) => text && decodeURIComponent(text));
  } catch {
    return [];
  }
}

/** Returns the lane of a connection's sends: one write at a time, gaps between them. */
export function outboundLaneId(connectionId: string): string {
  return `out:${connectionId}`;
}

/** Returns the lane of what one address writes to one connection: posted in order, nothing else waits for it. */
export function inboundLaneId(connectionId: string, addressKey: string): string {
  return `in:${connectionId}:${addressKey}`;
}

/**
 * Returns the lane of a group, for all numbers of a location that are in it. `place`: the keyed hash of the location's id,
 * for the id itself may be as long as a lane's.
 */
export function groupLaneId(place: string, addressKey: string): string {
  return `group:${place}:${addressKey}`;
}

/** Returns the lane where a location's messages wait, in order, until the location has a connection. */
export function parkingLaneId(locationId: string): string {
  return `park:${locationId}`;
}
