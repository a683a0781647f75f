import { html } from './html';
import { page } from './layout';

/** What went wrong with an installation, for the person in front of the browser: what happened, and the mend. */
interface Trouble {
  /** 502 and 504 are never used: proxies put pages of their own in their place. */
  status: 400 | 409 | 500 | 503;
  title: string;
  what: string;
  mend: string;
}

const AGAIN = "Open the app in GHL's marketplace and install it again.";

const TROUBLES: Record<string, Trouble> = {
  access_denied: {
    status: 400,
    title: 'Nothing was connected',
    what: 'The installation was cancelled in GHL, so nothing has changed.',
    mend: `If you want to connect after all: ${AGAIN}`,
  },
  code_missing: {
    status: 400,
    title: 'Nothing was connected',
    what: 'This address is where GHL brings you at the end of an installation; it was opened without one.',
    mend: AGAIN,
  },
  grant_refused: {
    status: 400,
    title: 'This link has been used',
    what: 'GHL takes each installation link once and only for a short time, and this one is used or too old.',
    mend: `If you saw the page that says "connected" just now, all is well. Otherwise: ${AGAIN}`,
  },
  state_refused: {
    status: 400,
    title: 'Nothing was connected',
    what: 'This installation was not begun in this browser, or more than ten minutes ago, or it has been completed.',
    mend: 'Begin again, in this browser, at /oauth/install of this address or in the marketplace of GHL.',
  },
  uninstalled_meanwhile: {
    status: 409,
    title: 'It was uninstalled again',
    what: 'The app was uninstalled while it was being installed, so nothing is connected.',
    mend: AGAIN,
  },
  location_not_active: {
    status: 409,
    title: 'The location is not active',
    what: 'GHL calls this location not active, probably because it is suspended.',
    mend: `Ask the agency to activate it. Then: ${AGAIN}`,
  },
  grant_incomplete: {
    status: 500,
    title: 'GHL did not say what was installed',
    what: "GHL's answer names neither a location nor an agency.",
    mend: AGAIN,
  },
  oauth_error: {
    status: 400,
    title: 'Nothing was connected',
    what: 'GHL reported an error at the end of the installation.',
    mend: AGAIN,
  },
  ghl_client_refused: {
    status: 500,
    title: 'The bridge is not set up right',
    what: "GHL does not accept the bridge's own credentials.",
    mend: `Ask whoever runs the bridge to check GHL_CLIENT_ID and GHL_CLIENT_SECRET. Then: ${AGAIN}`,
  },
  ghl_unavailable: {
    status: 503,
    title: 'GHL does not answer',
    what: 'GHL could not complete the installation just now.',
    mend: `Wait a minute. ${AGAIN}`,
  },
};

const UNKNOWN: Trouble = {
  status: 500,
  title: 'It did not work',
  what: 'The installation could not be completed.',
  mend: `${AGAIN} If it happens again, tell whoever runs the bridge the reference below.`,
};

/** Returns the status and page that say why nothing was connected and how to mend it; `reference` is the request's id. */
export function notInstalledPage(code: string, reference: string): { status: number; markup: string } {
  const { status, title, what, mend } = TROUBLES[code] ?? UNKNOWN;
  const content = html`<p>${what}</p>
    <p>${mend}</p>
    <p><small>Reference: ${reference}</small></p>`;
  return { status, markup: page(title, content) };
}
