import { DomainError } from '../../domain/errors';
import type { SandboxGhl } from '../../sandbox/ghl';
import { SANDBOX_SCOPES } from '../../sandbox/ghl/scopes';

export interface Installed {
  /** The path that GHL sent the browser to. */
  path: string;
  /** The heading of the page that the browser showed in the end. */
  heading: string;
}

/**
 * Installs the app as a browser does: opens GHL's page, where the user chooses the location and agrees, follows its
 * redirect to the bridge and reads the page there. Throws DomainError `install_failed`.
 */
export async function installByOauth(
  ghl: Pick<SandboxGhl, 'url' | 'clientId'>,
  publicUrl: string,
  locationId: string,
): Promise<Installed> {
  const consent = new URL('/oauth/chooselocation', ghl.url);
  consent.search = new URLSearchParams({
    response_type: 'code',
    client_id: ghl.clientId,
    redirect_uri: `${publicUrl}/oauth/callback`,
    scope: SANDBOX_SCOPES,
    location_id: locationId,
  }).toString();
  const agreed = await fetch(consent, { redirect: 'manual' });
  const target = agreed.headers.get('location');
  if (agreed.status !== 302 || target === null) throw failed(`GHL's page answered ${agreed.status}`);
  const page = await fetch(target, { headers: { accept: 'text/html' } });
  const heading = /<h1>([^<]*)<\/h1>/.exec(await page.text())?.[1] ?? '';
  if (page.status !== 200) throw failed(`the bridge's page answered ${page.status}: "${heading}"`);
  return { path: new URL(target).pathname, heading };
}

function failed(why: string): DomainError {
  return new DomainError('install_failed', 'never', `The installation did not come about: ${why}.`);
}
