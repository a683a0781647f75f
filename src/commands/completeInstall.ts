import type { App } from '../app';
import { readOauthState } from '../crypto/oauthState';
import { DomainError } from '../domain/errors';
import type { GhlAccess } from '../ghl/access';
import type { TokenGrant } from '../ghl/oauth';
import type { Scope } from '../store/context';
import { redirectUri } from './beginInstall';
import { learnLocation } from './learnLocation';

export interface InstallInput {
  code: string;
  /** As it came back; absent where the installation was begun inside GHL, which knows no state of ours. */
  state?: string;
  /** The browser's cookie from the beginning, if it has one. */
  cookie?: string;
}

/** A location, or a whole company whose locations follow behind. */
export type InstallCompleted =
  | ({
      kind: 'location';
      /** The location's name in GHL; null where GHL did not tell. */
      name: string | null;
      /** Whether the location has a WhatsApp number: from before, or by GHL's external authentication. */
      hasNumber: boolean;
      /** Whether its company left a gateway token for it, so that a number is connected without one. */
      tokenKept: boolean;
    } & Scope)
  | {
      kind: 'company';
      companyId: string;
      /** How many locations have the app; null where GHL did not tell. */
      locations: number | null;
    };

/**
 * Completes an installation: exchanges the one-time code and stores the tokens in one transaction; what waited for the
 * installation is woken. Location and company come from GHL's answer alone, never from the browser. Throws
 * `state_refused` (400; the code is unspent then), `uninstalled_meanwhile` (409), `grant_incomplete` (502), or what the
 * exchange throws (`grant_refused`, `ghl_client_refused`, `ghl_unavailable`).
 */
export async function completeInstall(app: App, input: InstallInput): Promise<InstallCompleted> {
  await checkState(app, input);
  const begunAt = await app.store.now();
  const { code } = input;
  const grant = await app.ghl.exchangeCode({ code, redirectUri: redirectUri(app.settings), userType: 'Location' });
  const { userType, locationId, companyId } = grant;
  if (userType === 'Location' && locationId !== undefined) return await location(app, { locationId }, grant, begunAt);
  if (userType === 'Company' && companyId !== undefined) return await company(app, companyId, grant, begunAt);
  const message = "GHL's answer names neither a location nor a company.";
  throw new DomainError('grant_incomplete', 'never', message, { status: 502 });
}

/** One refusal for all: whoever forges states learns nothing from it. */
async function checkState({ store }: App, { state, cookie }: InstallInput): Promise<void> {
  if (state === undefined) return;
  const verdict = readOauthState(store.oauthStates.key(), await store.now(), { state, cookie });
  if (verdict.ok && (await store.oauthStates.take(verdict.id))) return;
  const message = 'The installation was not begun in this browser, or too long ago.';
  throw new DomainError('state_refused', 'never', message, { status: 400 });
}

async function location(app: App, scope: Scope, grant: TokenGrant, begunAt: number): Promise<InstallCompleted> {
  const companyId = grant.companyId ?? null;
  const { version, wakes } = await app.store.installations.install(scope, { companyId, grant, begunAt });
  app.starter.wakeSoon(wakes);
  await app.store.audit.write({ actor: 'oauth', action: 'location.install', ...scope, detail: { version } });
  const access: GhlAccess = { accessToken: grant.accessToken, resourceId: scope.locationId, priority: 'high' };
  const name = await learnLocation(app, scope, access).catch((error: unknown) => {
    app.logger.warn({ err: error, ...scope }, 'location not described; its workflow asks again');
    return null;
  });
  app.starter.installationChanged({ resourceId: scope.locationId, kind: 'location' });
  const held = await app.store.externalAuth.heldOf(scope);
  return { kind: 'location', ...scope, name, hasNumber: held === 'number', tokenKept: held === 'default' };
}

/** Its locations are found and connected by its workflow: there may be hundreds of them. */
async function company(app: App, companyId: string, grant: TokenGrant, begunAt: number): Promise<InstallCompleted> {
  const { version } = await app.store.installations.installCompany(companyId, { grant, begunAt });
  app.starter.installationChanged({ resourceId: companyId, kind: 'company' });
  await app.store.audit.write({ actor: 'oauth', action: 'company.install', subject: companyId, detail: { version } });
  const access: GhlAccess = { accessToken: grant.accessToken, resourceId: companyId, priority: 'high' };
  const page = await app.ghl.installedLocations(access, { companyId, skip: 0, limit: 1 }).catch(() => null);
  return { kind: 'company', companyId, locations: page?.count ?? null };
}
