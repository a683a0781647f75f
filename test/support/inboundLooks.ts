import type { CustomerMessage } from '../../src/sandbox/waapify';
import { eventually } from './adminClient';
import { INSTANCE, LOCATION, type World } from './world';

/** A customer writes, and the bridge takes it. Resolves with the gateway's id of the message. */
export async function customerWrites(
  world: World,
  from: string,
  text: string,
  more: Partial<CustomerMessage> = {},
): Promise<string> {
  const { gatewayId, statuses } = await world.waapify.customerWrites({ instanceId: INSTANCE, from, text, ...more });
  expect(statuses.every((status) => status === 200)).toBe(true);
  return gatewayId;
}

/** Resolves once GHL has played all the nastiness that it was told to. */
export async function faultIsSpent(world: World): Promise<void> {
  await eventually(() => expect(world.ghl.pendingFaults()).toBe(0));
}

/** Returns what GHL shows of a contact's own messages, oldest first. */
export function bodiesOf(world: World, contactId: string): string[] {
  const messages = world.ghl.messages(LOCATION);
  return messages.filter((one) => one.contactId === contactId && one.direction === 'inbound').map(({ body }) => body);
}
