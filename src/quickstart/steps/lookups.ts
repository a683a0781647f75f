import type { ConnectionView } from '../../http/presenters/connection';
import type { MessageView } from '../../http/presenters/message';
import type { GhlMessage } from '../../sandbox/ghl/records/types';
import type { WaapifySend } from '../../sandbox/waapify/records/types';
import { INSTANCE, LOCATION } from '../stage/standIns';
import type { World } from '../world';

/** Returns the number's connection as the operator sees it. Throws when there is none. */
export async function theConnection({ admin }: Pick<World, 'admin'>): Promise<ConnectionView> {
  const { connections } = await admin.get<{ connections: ConnectionView[] }>('/admin/v1/connections');
  const [connection] = connections;
  if (connection === undefined) throw new Error('the bridge knows no connection');
  return connection;
}

/** Returns a message as the operator sees it. */
export async function messageView({ admin }: Pick<World, 'admin'>, messageId: string): Promise<MessageView> {
  return await admin.get<MessageView>(`/admin/v1/messages/${LOCATION.id}/${messageId}`);
}

/** Returns what the agent sent last. Throws when there is nothing. */
export function lastFromAgent({ ghl }: Pick<World, 'ghl'>): GhlMessage {
  const message = ghl.messages(LOCATION.id).findLast(({ direction }) => direction === 'outbound');
  if (message === undefined) throw new Error('the agent has sent nothing');
  return message;
}

/** Returns what the customer's phone got of a text: once, or something is wrong. */
export function arrivedOnPhone({ waapify }: Pick<World, 'waapify'>, text: string): WaapifySend | undefined {
  const arrived = waapify.sends(INSTANCE.id).filter((send) => send.text === text);
  if (arrived.length > 1) throw new Error(`the phone got the text ${arrived.length} times`);
  return arrived[0];
}
