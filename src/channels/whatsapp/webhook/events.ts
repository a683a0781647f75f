import type { GatewayEvent } from '../../gateway';
import { callEvents } from './calls';
import { contactEvents, groupEvents } from './contacts';
import { ignored, junk } from './entries';
import { flattenedEvents } from './flattened';
import { receiptEvents } from './receipts';
import { upsertEvents } from './upsert';

/** Returns the events of one payload. */
export type EventHandler = (payload: unknown, now: number) => GatewayEvent[];

const ignore =
  (what: string): EventHandler =>
  () => [ignored(what)];
const connectionChange: EventHandler = () => [{ kind: 'connection' }];

/** By the event's name in lower case with dots. Receipts of groups come as `message.receipt.update`. */
const HANDLERS = new Map<string, EventHandler>([
  ['messages.upsert', upsertEvents],
  ['messages.update', receiptEvents],
  ['received.message', flattenedEvents],
  ['connection.update', connectionChange],
  ['connection', connectionChange],
  ['connected', connectionChange],
  ['disconnected', connectionChange],
  ['disconnect', connectionChange],
  ['qr', connectionChange],
  ['logout', connectionChange],
  ['logged.out', connectionChange],
  ['ready', connectionChange],
  ['contacts.upsert', contactEvents],
  ['contacts.update', contactEvents],
  ['lid.mapping.update', contactEvents],
  ['chats.phonenumbershare', contactEvents],
  ['chats.upsert', ignore('chats')],
  ['chats.update', ignore('chats')],
  ['groups.upsert', groupEvents],
  ['groups.update', groupEvents],
  ['group.participants.update', ignore('group')],
  ['message.receipt.update', ignore('group receipt')],
  ['messages.reaction', ignore('reaction')],
  ['messages.delete', ignore('deletion')],
  ['presence.update', ignore('presence')],
  ['call', callEvents],
  ['battery', ignore('battery')],
  ['new.subscriber', ignore('subscriber')],
]);

/** Returns the handler for an event's name, whatever its spelling (`messages.upsert`, `MESSAGES_UPSERT`). */
export function handlerOf(name: string): EventHandler {
  const key = name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '.');
  if (key.startsWith('antiban.')) return ignore('pacing notice');
  return HANDLERS.get(key) ?? (() => [junk('unknown event')]);
}
