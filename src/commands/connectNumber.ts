import type { App } from '../app';
import type { GatewayEndpoint, ProbeResult } from '../channels/gateway';
import { hashSecret, randomSecret } from '../crypto/secrets';
import type { Address } from '../domain/address';
import type { ConnectionState } from '../domain/connectionState';
import { DomainError } from '../domain/errors';
import { isRegion, parsePhone } from '../domain/phone';
import type { Scope } from '../store/context';
import type { ConnectionRow } from '../store/rows';
import { nextAfterConnect, type WebhookState } from './nextAfterConnect';
import { registerWebhook, type WebhookRegistered } from './registerWebhook';

export interface ConnectNumberInput extends Scope {
  /** The gateway's id of the number. */
  instanceId: string;
  /** Absent: the one that the location's company gave for its locations. */
  token?: string;
  /** As a person writes it; the gateway's own word for it wins. */
  number?: string;
  /** `WAAPIFY_BASE_URL` when absent. */
  baseUrl?: string;
  /** Which generation of the gateway's API it is; `php-v1` when absent. */
  dialect?: GatewayEndpoint['dialect'];
  /** What the gateway has just said of it; it is asked when absent. */
  probe?: ProbeResult;
  /** Who does it, for the audit log. */
  actor: string;
}

export interface NumberConnected {
  connectionId: string;
  /** False: this instance was connected to this location before; its token and webhook address are new now. */
  created: boolean;
  state: ConnectionState;
  /** Whether the gateway knows where to post. */
  webhook: WebhookState;
  /** What is left to do, for a person. */
  next: string;
}

const GATEWAY = 'waapify';

/**
 * Connects a WhatsApp number to a location: asks the gateway, stores the connection with what it said, moves what
 * waited for it into its queue and tells the gateway where to post. A gateway that can not be reached leaves it
 * `unverified`, and the answer says so. Throws `gateway_refuses` (422) for credentials that the gateway does not take,
 * `number_invalid` (422), `token_missing` (422), `instance_taken` (409); nothing is stored then.
 */
export async function connectNumber(app: App, input: ConnectNumberInput): Promise<NumberConnected> {
  const scope = { locationId: input.locationId };
  const location = await app.store.locations.get(scope);
  const given = numberOf(app, input, location?.country ?? null);
  const endpoint = await endpointOf(app, input);
  const probe = input.probe ?? (await app.gateway(GATEWAY).probe(endpoint));
  refuseBadCredentials(probe);
  const number = probe.kind === 'connected' ? (probe.number ?? given) : given;
  const stored = await store(app, input, endpoint, number, probe);
  const webhook = await tellAddress(app, stored.row, probe);
  app.starter.connectionChanged(scope, stored.connectionId);
  const detail = { created: stored.created, state: stored.state, webhook: webhook.state };
  const subject = stored.connectionId;
  await app.store.audit.write({ actor: input.actor, action: 'connection.connect', ...scope, subject, detail });
  const { connectionId, created, state } = stored;
  const installed = location?.state === 'installed';
  return {
    connectionId,
    created,
    state,
    webhook: webhook.state,
    next: nextAfterConnect({ ...stored, probe, webhook, installed }),
  };
}

/** A number that the person gives must be one; it is read in the location's country. */
function numberOf(app: App, { number }: ConnectNumberInput, country: string | null): Address | undefined {
  if (number === undefined) return undefined;
  const region = country?.toUpperCase() ?? '';
  const parsed = parsePhone(number, isRegion(region) ? region : app.settings.defaultRegion);
  if (parsed.ok) return { channel: 'whatsapp', value: parsed.value };
  const errors = [{ path: 'number', message: parsed.message }];
  throw new DomainError('number_invalid', 'never', parsed.message, { status: 422, errors });
}

async function endpointOf(app: App, input: ConnectNumberInput): Promise<GatewayEndpoint> {
  const { instanceId, dialect, baseUrl = app.settings.waapifyBaseUrl } = input;
  if (input.token !== undefined) return { connectionId: 'new', baseUrl, dialect, instanceId, token: input.token };
  // The company's token is one of the default gateway: it goes nowhere else.
  const kept = input.baseUrl === undefined ? await app.store.externalAuth.defaultOf(input) : null;
  if (kept === null) throw tokenMissing();
  return { connectionId: 'new', baseUrl, dialect: dialect ?? kept.dialect, instanceId, token: kept.token };
}

function tokenMissing(): DomainError {
  const message =
    'Give the access token of the gateway (--token-file FILE or --token TOKEN): the company of this location left none for it.';
  return new DomainError('token_missing', 'never', message, { status: 422, errors: [{ path: 'token', message }] });
}

function refuseBadCredentials(probe: ProbeResult): void {
  if (probe.kind !== 'held' || probe.state !== 'reauth') return;
  throw new DomainError('gateway_refuses', 'never', `The number was not connected. ${probe.text}`, { status: 422 });
}

interface Stored {
  connectionId: string;
  created: boolean;
  state: ConnectionState;
  row: ConnectionRow | null;
}

async function store(
  app: App,
  input: ConnectNumberInput,
  { baseUrl, token, dialect }: GatewayEndpoint,
  number: Address | undefined,
  probe: ProbeResult,
): Promise<Stored> {
  const scope = { locationId: input.locationId };
  const secret = randomSecret();
  const { connectionId, created, wakes } = await app.store.connections.connect(scope, {
    channel: 'whatsapp',
    gateway: GATEWAY,
    baseUrl,
    instanceId: input.instanceId,
    dialect,
    token,
    webhookSecret: secret,
    webhookHash: hashSecret(secret),
    number,
  });
  const recorded = await app.store.connections.recordProbe(scope, connectionId, probe);
  app.starter.wakeSoon([...wakes, ...recorded.wakes]);
  const row = await app.store.connections.get(scope, connectionId);
  return { connectionId, created, row, state: row?.state ?? 'unverified' };
}

/** A gateway that did not answer the probe is told by the probe loop, once it does. */
async function tellAddress(app: App, row: ConnectionRow | null, probe: ProbeResult): Promise<WebhookRegistered> {
  if (row === null || probe.kind === 'unreachable') return { state: 'not_registered' };
  return await registerWebhook(app, row);
}
