import { CUSTOMER, INSTANCE, LOCATION } from './stage/standIns';
import type { World } from './world';

type Rows = [string, string][];

/** Returns where everything of a run is found, for the printer. */
export function addresses(world: Pick<World, 'publicUrl' | 'adminUrl' | 'ghl' | 'waapify'>, uiUrl: string): Rows {
  return [
    ['Temporal Web UI', uiUrl],
    ['bridge', `${world.publicUrl}  (admin listener: ${world.adminUrl})`],
    ['GHL stand-in', world.ghl.url],
    ['Waapify stand-in', world.waapify.url],
  ];
}

/** Returns commands to play on with, in another terminal: the stand-ins' controls are plain HTTP. */
export function things({ ghl, waapify, adminUrl }: Pick<World, 'ghl' | 'waapify' | 'adminUrl'>): Rows {
  const instanceId = INSTANCE.id;
  const agent = { locationId: LOCATION.id, phone: `+${CUSTOMER}`, text: 'Hello!' };
  const customer = { instanceId, from: CUSTOMER, text: 'Hi!' };
  const admin = `BRIDGE_SANDBOX=1 ADMIN_PORT=${new URL(adminUrl).port}`;
  return [
    ['the agent writes', post(ghl.url, 'agent-sends', agent)],
    ['the customer writes', post(waapify.url, 'customer-writes', customer)],
    ['the number is lost', post(waapify.url, 'state', { instanceId, state: 'logged_out' })],
    ['... and comes back', post(waapify.url, 'scan', { instanceId, number: INSTANCE.number })],
    ['what GHL shows', `curl -s '${ghl.url}/__sandbox/messages'`],
    ['what phones got', `curl -s '${waapify.url}/__sandbox/sends'`],
    ['the operator looks', `${admin} npm run ops -- connections`],
  ];
}

function post(url: string, control: string, body: object): string {
  return `curl -s '${url}/__sandbox/${control}' -d '${JSON.stringify(body)}'`;
}
