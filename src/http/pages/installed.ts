import type { InstallCompleted } from '../../commands/completeInstall';
import { html } from './html';
import { page } from './layout';

/** Returns the page that says what was connected and what to do next. */
export function installedPage(done: InstallCompleted & { kind: 'location' }): string {
  const { name, locationId, hasNumber, tokenKept } = done;
  const who = name ?? `Location ${locationId}`;
  return page(`${who} is connected`, hasNumber ? nothingLeft() : connectNumber(locationId, tokenKept));
}

function nothingLeft() {
  return html`<p>Its WhatsApp number is known already: messages go out by themselves. You can close this page.</p>
    <p>If they do not, whoever runs the bridge sees why with:</p>
    <pre><code>npm run ops -- connections</code></pre>`;
}

function connectNumber(locationId: string, tokenKept: boolean) {
  const command = `npm run ops -- connect --location ${locationId} --instance INSTANCE_ID`;
  const needed = tokenKept
    ? 'the instance id of the gateway; the access token of the agency is there already'
    : 'the instance id and the access token of the gateway';
  return html`<p>Next: connect a WhatsApp number. Whoever runs the bridge does this with ${needed}:</p>
    <pre><code>${tokenKept ? command : `${command} --token-file FILE`}</code></pre>
    <p>
      Messages that were sent before are kept and go out then. What is sent from now on, until there is a number, fails
      at once and says so.
    </p>`;
}
