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

/** Returns what the agent has sent, oldest first. */
export function fromAgent({ ghl }: Pick<World, 'ghl'>): GhlMessage[] {
  return ghl.messages(LOCATION.id).filter(({ direction }) => direction === 'outbound');
}

/** Returns what the agent sent last. Throws when there is nothing. */
export function lastFromAgent(context: Pick<World, 'ghl'>): GhlMessage {
  const message = fromAgent(context).at(-1);
  if (message === undefined) throw new Error('the agent has sent nothing');
  return message;
}

/** Returns what the customer's phone got of a text: once, or something is wrong. */
export function arrivedOnPhone({ waapify }: Pick<World, 'waapify'>, text: string): WaapifySend | undefined {
  const arrived = waapify.sends(INSTANCE.id).filter((send) => send.text === text);
  if (arrived.length > 1) throw new Error(`the phone got the text ${arrived.length} times`);
  return arrived[0];
}

/** Returns the hashes (SHA-256) of the files that the phone got from the one under which a text stands, once all came. */
export function filesOnPhone({ waapify }: Pick<World, 'waapify'>, text: string, count: number): string[] | undefined {
  const sends = waapify.sends(INSTANCE.id);
  const first = sends.findIndex((send) => send.text === text);
  const files = first < 0 ? [] : sends.slice(first).flatMap(({ media }) => (media === undefined ? [] : [media.sha256]));
  if (files.length > count) throw new Error(`the phone got ${files.length} files instead of ${count}`);
  return files.length === count ? files : undefined;
}
