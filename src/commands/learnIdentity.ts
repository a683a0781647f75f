import { lidAddress, type Address } from '../domain/address';
import type { GatewayEvent } from '../channels/gateway';
import type { EventSource } from './eventSource';
import { groupsAreOn } from './groups';

/** Learns what a gateway says of people and groups: who is behind a hidden identity, and what groups are called. */
export async function learnContacts(
  { app, scope, connection }: EventSource,
  { pairs, names = [] }: Extract<GatewayEvent, { kind: 'contacts' }>,
): Promise<void> {
  const { channel, id } = connection;
  const known = pairs.map(({ lid, phone }) => ({ lid, phone: { channel, value: phone } }));
  await app.store.identities.learn(scope, id, known);
  if (!groupsAreOn(connection)) return;
  for (const named of names) {
    if ('group' in named) await app.store.chats.nameGroup(scope, id, { channel, value: named.group }, named.name);
  }
}

/** Whom a message names: by number, by hidden identity, or both, which are then a pair. */
export interface Named {
  address: Address | null;
  lid?: string;
}

/**
 * Returns the address of a person, and remembers a pair. Somebody of whom only a hidden identity is told is known by
 * the number that was learnt for it, else by that identity; null: nobody is named.
 */
export async function personOf({ app, scope, connection }: EventSource, named: Named): Promise<Address | null> {
  const { address, lid } = named;
  const { identities } = app.store;
  if (lid === undefined) return address;
  if (address === null) return (await identities.phoneOf(scope, connection.id, lid)) ?? lidAddress(lid);
  await identities.learn(scope, connection.id, [{ lid, phone: address }]);
  return address;
}
