import type { InstallCompleted } from '../../commands/completeInstall';
import { html } from './html';
import { page } from './layout';

/** Returns the page that says what an agency has connected, and that its locations follow behind it. */
export function companyInstalledPage({ companyId, locations }: InstallCompleted & { kind: 'company' }): string {
  const command = 'npm run ops -- installations';
  return page(
    'The agency is connected',
    html`<p>${howMany(locations)} This goes on by itself; you can close this page.</p>
      <p>
        Next: connect a WhatsApp number to each location. Whoever runs the bridge follows the agency
        (<code>${companyId}</code>) and its locations with:
      </p>
      <pre><code>${command}</code></pre>
      <p>Locations that get the app later are connected too. Messages that are sent meanwhile are kept.</p>`,
  );
}

function howMany(locations: number | null): string {
  if (locations === null) return 'Its locations are being connected one after the other.';
  if (locations === 0) return 'None of its locations has the app yet; they are connected as soon as they have it.';
  return locations === 1
    ? 'Its one location with the app is being connected.'
    : `Its ${locations} locations with the app are being connected one after the other.`;
}
