import type { App } from '../app';
import type { ProbeResult } from '../channels/gateway';
import type { ConnectionState } from '../domain/connectionState';
import { isRegion, type CountryCode } from '../domain/phone';
import type { Scope } from '../store/context';
import type { ExternalCredentials } from '../store/externalAuth';
import { connectNumber } from './connectNumber';
import { checkCredentials, type CheckedCredentials } from './externalAuthCheck';
import { planExternalAuth, type ExternalAuthFields, type ExternalAuthPlan } from './externalAuthPlan';
import { rejoinNumber } from './externalAuthRejoin';

/** What became of the credentials: the number's state, or where they are kept. */
export interface ExternalAuthDone {
  accepted: true;
  /** `kept`: until the location is installed. `default`: the token, for the locations of the company. */
  state: ConnectionState | 'kept' | 'default';
  connectionId?: string;
  /** What is left to do, for a person. */
  next: string;
}

const ACTOR = 'external_auth';
const KEPT = 'The number is connected by itself as soon as GHL has finished the installation.';
const UNREACHABLE = 'The gateway could not be reached, so the number is not verified yet: it is asked again by itself.';
const DEFAULT =
  'The access token is kept for the locations of the company. Each location picks an instance of its own: npm run ops -- connect --location LOCATION --instance INSTANCE';

/**
 * Takes what GHL's external authentication brings: checks the credentials against the gateway, connects the number to
 * the one location that is named (or keeps it until that is installed), and keeps the token for the company where it is
 * for several. The same call again changes nothing. Throws `credentials_refused` (401), `invalid_input` (422) and
 * `instance_taken` (409); nothing is stored then.
 */
export async function authenticateExternally(app: App, fields: ExternalAuthFields): Promise<ExternalAuthDone> {
  const plan = planExternalAuth(fields);
  const checked = await checkCredentials(app, fields, await regionOf(app, plan));
  const done = plan.locationId === undefined ? null : await give(app, { locationId: plan.locationId }, fields, checked);
  if (plan.company !== undefined) await keepForCompany(app, plan.company, fields.accessToken, checked);
  return done ?? { accepted: true, state: 'default', next: DEFAULT };
}

async function regionOf({ store, settings }: App, { locationId }: ExternalAuthPlan): Promise<CountryCode> {
  const location = locationId === undefined ? null : await store.locations.get({ locationId });
  const country = location?.country?.toUpperCase() ?? '';
  return isRegion(country) ? country : settings.defaultRegion;
}

async function give(
  app: App,
  scope: Scope,
  { instanceId, accessToken: token }: ExternalAuthFields,
  { probe, number, dialect }: CheckedCredentials,
): Promise<ExternalAuthDone> {
  const baseUrl = app.settings.waapifyBaseUrl;
  const credentials: ExternalCredentials = { gateway: 'waapify', baseUrl, instanceId, token, number, dialect };
  const kept = await app.store.externalAuth.keep(scope, credentials);
  if (kept.kind === 'kept') {
    if (kept.changed) await audit(app, 'external_auth.keep', { ...scope, subject: instanceId });
    return { accepted: true, state: 'kept', next: keptNext(probe) };
  }
  const again = kept.standing === null ? null : await rejoinNumber(app, kept.standing, credentials, probe);
  if (again !== null) return { accepted: true, ...again };
  const input = { ...scope, instanceId, token, number: number.value, dialect, probe, actor: ACTOR };
  const { state, connectionId, next } = await connectNumber(app, input);
  return { accepted: true, state, connectionId, next };
}

function keptNext(probe: ProbeResult): string {
  if (probe.kind === 'connected') return KEPT;
  return `${probe.kind === 'held' ? probe.text : UNREACHABLE} ${KEPT}`;
}

async function keepForCompany(
  app: App,
  { companyId, ...whom }: NonNullable<ExternalAuthPlan['company']>,
  token: string,
  { dialect }: CheckedCredentials,
): Promise<void> {
  const changed = await app.store.externalAuth.keepDefault(companyId, { ...whom, token, dialect });
  if (!changed) return;
  const { approveAll, named, excluded } = whom;
  const detail = { approveAll, named: named.length, excluded: excluded.length };
  await audit(app, 'external_auth.default', { subject: companyId, detail });
}

async function audit(
  app: App,
  action: string,
  more: { locationId?: string; subject: string; detail?: Record<string, number | boolean> },
): Promise<void> {
  await app.store.audit.write({ actor: ACTOR, action, ...more });
}
