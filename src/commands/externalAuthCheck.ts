import type { App } from '../app';
import type { GatewayEndpoint, ProbeResult } from '../channels/gateway';
import type { Address } from '../domain/address';
import { DomainError, invalidInput } from '../domain/errors';
import { parsePhone, type CountryCode } from '../domain/phone';
import { probeDialects, type DialectProbe } from './externalAuthDialect';
import type { ExternalAuthFields } from './externalAuthPlan';

/** What the gateway says of credentials that are not refused. */
export interface CheckedCredentials {
  probe: ProbeResult;
  dialect: GatewayEndpoint['dialect'];
  /** The gateway's own word for it, else the person's. */
  number: Address;
}

/** GHL does not say how long it waits for the answer; a person who installs does not wait long. */
const PATIENCE_MS = 10_000;

/**
 * Checks what a person typed against the gateway, at most `patienceMs` long: after that, it can not be reached. Throws
 * `credentials_refused` (401) for a token or instance that the gateway does not take, `invalid_input` (422) for a number
 * that is none or not the one that is logged in.
 */
export async function checkCredentials(
  app: App,
  fields: Pick<ExternalAuthFields, 'accessToken' | 'instanceId' | 'number'>,
  region: CountryCode,
  patienceMs = PATIENCE_MS,
): Promise<CheckedCredentials> {
  const parsed = parsePhone(fields.number, region);
  if (!parsed.ok) throw badNumber(parsed.message);
  const { accessToken: token, instanceId } = fields;
  const endpoint = { connectionId: 'new', baseUrl: app.settings.waapifyBaseUrl, instanceId, token };
  const { result: probe, dialect } = await within(patienceMs, probeDialects(app, 'waapify', endpoint));
  refuseCredentials(probe);
  const number = probe.kind === 'connected' ? probe.number : undefined;
  if (number !== undefined && sameAccount(number.value) !== sameAccount(parsed.value)) {
    throw badNumber(
      'Another WhatsApp number is logged in to this instance: correct the number, or take the instance id that belongs to it.',
    );
  }
  return { probe, dialect, number: number ?? { channel: 'whatsapp', value: parsed.value } };
}

/** A probe changes nothing, so one that comes too late may be left alone. */
async function within(patienceMs: number, probe: Promise<DialectProbe>): Promise<DialectProbe> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<DialectProbe>((resolve) => {
    timer = setTimeout(() => resolve({ result: { kind: 'unreachable', cause: 'timeout' } }), patienceMs);
  });
  return await Promise.race([probe, late]).finally(() => clearTimeout(timer));
}

/** What to look at, by the gateway's word for its refusal (the error ladder's codes). */
const MENDS: Record<string, { path: string; message: string }> = {
  bad_token: {
    path: 'access_token',
    message: 'The WhatsApp gateway does not know this access token: copy it again from its panel.',
  },
  bad_instance: {
    path: 'instance_id',
    message:
      'The WhatsApp gateway does not know this instance id, or it belongs to another access token: copy it again from its panel.',
  },
  account_missing: {
    path: 'instance_id',
    message: 'The WhatsApp gateway has no account for this instance id any more: create it there again.',
  },
};

function refuseCredentials(probe: ProbeResult): void {
  if (probe.kind !== 'held' || probe.state !== 'reauth') return;
  const mend = MENDS[probe.code ?? ''];
  const message = mend?.message ?? 'The WhatsApp gateway refuses the credentials: check access token and instance id.';
  const errors = mend === undefined ? undefined : [mend];
  throw new DomainError('credentials_refused', 'never', message, { status: 401, errors });
}

function badNumber(message: string): DomainError {
  return invalidInput([{ path: 'whatsapp_number', message }], { message, status: 422 });
}

/**
 * Returns what two ways of writing one account's number have in common: WhatsApp keeps the names that Brazilian numbers
 * had before their ninth digit, and Mexican ones with the 1 that their country has given up (observed).
 */
function sameAccount(e164: string): string {
  return e164.replace(/^\+55(\d{2})9(\d{8})$/, '+55$1$2').replace(/^\+521(\d{10})$/, '+52$1');
}
