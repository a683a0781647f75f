import type { InstallCompleted } from '../../commands/completeInstall';
import { html } from './html';
import { page } from './layout';

/** Returns the page that says what was connected and what to do next. */
export function installedPage({ name, locationId, hasNumber }: InstallCompleted & { kind: 'location' }): string {
  const who = name ?? `Location ${locationId}`;
  return page(`${who} is connected`, hasNumber ? nothingLeft() : connectNumber(locationId));
}

function nothingLeft() {
  return html`<p>Its WhatsApp number is known already: messages go out by themselves. You can close this page.</p>`;
}

function connectNumber(locationId: string) {
  const command = `npm run ops -- connect --location ${locationId} --instance INSTANCE_ID --token-file FILE`;
  return html`<p>
      Next: connect a WhatsApp number. Whoever runs the bridge does this with the instance id and the access token of
      the gateway:
    </p>
    <pre><code>${command}</code></pre>
    <p>Messages that were sent meanwhile are kept and go out then.</p>`;
}
