import type { App } from '../app';
import { DomainError } from '../domain/errors';
import { isRegion } from '../domain/phone';
import type { GhlAccess } from '../ghl/access';
import type { TokenGrant } from '../ghl/oauth';
import type { Scope } from '../store/context';

export interface InstallCompleted extends Scope {
  /** The location's name in GHL; null where GHL did not tell. */
  name: string | null;
  /** Whether the location has had a WhatsApp number before. */
  hasNumber: boolean;
}

/**
 * Completes an installation: exchanges the one-time code and stores location and tokens in one transaction; what
 * waited for the installation is woken. The location comes from GHL's answer alone, never from the browser. Throws
 * `company_install` (422), or what the exchange throws (`grant_refused`, `ghl_client_refused`, `ghl_unavailable`).
 */
export async function completeInstall(app: App, { code }: { code: string }): Promise<InstallCompleted> {
  const redirectUri = `${app.settings.publicUrl}/oauth/callback`;
  const grant = await app.ghl.exchangeCode({ code, redirectUri, userType: 'Location' });
  const scope = { locationId: locationOf(grant) };
  const { version, wakes } = await app.store.installations.install(scope, {
    companyId: grant.companyId ?? null,
    grant,
  });
  app.starter.wakeSoon(wakes);
  await app.store.audit.write({ actor: 'oauth', action: 'location.install', ...scope, detail: { version } });
  const name = await learnLocation(app, scope, grant);
  const location = await app.store.locations.get(scope);
  return { ...scope, name, hasNumber: location?.first_connected_at != null };
}

function locationOf(grant: TokenGrant): string {
  if (grant.userType === 'Location' && grant.locationId !== undefined) return grant.locationId;
  throw new DomainError(
    'company_install',
    'never',
    'GHL installed the app for a whole agency. This build connects one location at a time: install it from within the location (sub-account).',
    { status: 422 },
  );
}

/** What the location says of itself serves phone numbers and times of day; the installation does not depend on it. */
async function learnLocation(app: App, scope: Scope, { accessToken }: TokenGrant): Promise<string | null> {
  const access: GhlAccess = { accessToken, resourceId: scope.locationId, priority: 'high' };
  try {
    const { name, country, timezone } = await app.ghl.getLocation(access, scope.locationId);
    await app.store.locations.describe(scope, { country: countryOf(country), timezone: timezoneOf(timezone) });
    return name;
  } catch (error) {
    app.logger.warn({ err: error, ...scope }, 'location not described; defaults are used');
    return null;
  }
}

function countryOf(country: string | null): string | null {
  const letters = country?.trim().toUpperCase() ?? '';
  return isRegion(letters) ? letters : null;
}

function timezoneOf(timezone: string | null): string | null {
  return timezone !== null && /^[\w+/-]{1,64}$/.test(timezone) ? timezone : null;
}
