import { eventually, type AdminClient } from './adminClient';
import type { World } from './world';

/** Resolves once a number is connected and its gateway posts to us: on a busy machine both come behind the answer. */
export async function untilConnected(
  world: World,
  admin: AdminClient,
  connectionId: string,
  instanceId: string,
): Promise<void> {
  await eventually(async () => {
    const state = await stateOf(admin, connectionId);
    if (state !== 'connected') throw new Error(`the number is ${state}`);
  });
  const isTold = (): boolean => world.waapify.instance(instanceId).webhook?.enabled === true;
  await world.waapify.waitFor(isTold, 30_000, 'the gateway to be told our address');
}

/** Returns the state of a connection, as the operator sees it. */
export async function stateOf(admin: AdminClient, connectionId: string): Promise<string | undefined> {
  const { body } = await admin.call('GET', '/admin/v1/connections');
  const { connections } = body as { connections: { id: string; state: string }[] };
  return connections.find(({ id }) => id === connectionId)?.state;
}
