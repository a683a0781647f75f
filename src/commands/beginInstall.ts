import type { App } from '../app';
import { newOauthState } from '../crypto/oauthState';

export interface InstallBegun {
  /** Where GHL lets the person choose what to install the app in. */
  url: string;
  /** The secret for a cookie of this browser: the installation ends only where it began. */
  cookie: string;
}

/** Begins an installation at our side. Returns the address of GHL's page and what this browser is known by. */
export async function beginInstall({ settings, store }: Pick<App, 'settings' | 'store'>): Promise<InstallBegun> {
  const { state, cookie } = newOauthState(store.oauthStates.key(), await store.now());
  const url = new URL(`${settings.ghlMarketplaceUrl}${settings.ghlInstallPath}`);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: settings.ghlClientId,
    redirect_uri: redirectUri(settings),
    scope: settings.ghlScopes.join(' '),
    state,
  }).toString();
  return { url: url.toString(), cookie };
}

/** Returns the address to which GHL sends the browser back; the app has to have it registered, letter by letter. */
export function redirectUri({ publicUrl }: Pick<App['settings'], 'publicUrl'>): string {
  return `${publicUrl}/oauth/callback`;
}
