import { isGroup, lidOf, type Address } from '../domain/address';
import { addressKey } from './messages/codec';
import { newId, type Scope, type StoreContext, type Trx } from './context';
import { ownConnection } from './find';
import { findIdentity, phoneOf } from './identities';
import type { ChatRow } from './peopleRows';

/** What a contact of GHL that has no phone number stands for. */
export interface Chat {
  /** A group, somebody's number that was learnt meanwhile, or a hidden identity. */
  address: Address;
  /** The number that is in the group, or that the person wrote to: nobody else reaches them. */
  connectionId: string;
}

/** Notes a chat that is no phone number, so that its contact can be answered; others are left alone. */
export async function noteChat(
  ctx: StoreContext,
  trx: Trx,
  scope: Scope,
  connectionId: string,
  address: Address,
  now: number,
): Promise<void> {
  if (!isGroup(address) && lidOf(address) === null) return;
  const row = chatRow(ctx, scope, connectionId, address, now);
  await trx<ChatRow>('chats').insert(row).onConflict(['connection_id', 'address_key']).merge(['updated_at']);
}

/** Notes that another number is in a group as well: it can answer there when the one that brought a message is gone. */
export async function noteChatBeside(
  ctx: StoreContext,
  trx: Trx,
  scope: Scope,
  connectionId: string,
  address: Address,
  now: number,
): Promise<void> {
  const row = chatRow(ctx, scope, connectionId, address, now);
  // As of long ago: the number that brought the last message is the one that answers.
  await trx<ChatRow>('chats')
    .insert({ ...row, updated_at: 0 })
    .onConflict(['connection_id', 'address_key'])
    .merge(['connection_id']);
}

/** Keeps what a group is called, for the contact that is made for it. Throws not_found for another location's number. */
export async function nameGroup(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  group: Address,
  name: string,
): Promise<void> {
  await ctx.db.tx(async (trx) => {
    await ownConnection(trx, scope, connectionId);
    const now = await ctx.db.now(trx);
    const row = chatRow(ctx, scope, connectionId, group, now);
    row.name_sealed = ctx.crypto.seal(name, `chats/${row.id}/name`);
    // With its id: what is sealed opens under its own row's id only.
    await trx<ChatRow>('chats').insert(row).onConflict(['connection_id', 'address_key']).merge();
  });
}

function chatRow(ctx: StoreContext, scope: Scope, connectionId: string, address: Address, now: number): ChatRow {
  const id = newId(now);
  return {
    id,
    location_id: scope.locationId,
    connection_id: connectionId,
    address_key: addressKey(ctx.crypto, address),
    address_sealed: ctx.crypto.seal(address.value, `chats/${id}/address`),
    name_sealed: null,
    updated_at: now,
  };
}

/** Returns what a group is called, or null. */
export async function groupName(ctx: StoreContext, scope: Scope, group: Address): Promise<string | null> {
  const row = await ctx.db
    .knex<ChatRow>('chats')
    .where({ location_id: scope.locationId, address_key: addressKey(ctx.crypto, group) })
    .whereNotNull('name_sealed')
    .orderBy('updated_at', 'desc')
    .first();
  return row?.name_sealed == null ? null : ctx.crypto.open(row.name_sealed, `chats/${row.id}/name`);
}

/** Returns the chat for which a contact of GHL was made, null for the contact of a phone number. */
export async function chatOfContact(ctx: StoreContext, scope: Scope, contactId: string): Promise<Chat | null> {
  const row = await ctx.db
    .knex<ChatRow>('contacts as c')
    .join('chats as h', (on) => {
      on.on('h.location_id', 'c.location_id').andOn('h.address_key', 'c.address_key');
    })
    .where({ 'c.location_id': scope.locationId, 'c.contact_id': contactId })
    .orderBy('h.updated_at', 'desc')
    .first<ChatRow | undefined>('h.*');
  if (row === undefined) return null;
  const { connection_id: connectionId } = row;
  const address: Address = {
    channel: 'whatsapp',
    value: ctx.crypto.open(row.address_sealed, `chats/${row.id}/address`),
  };
  const lid = lidOf(address);
  const identity = lid === null ? undefined : await findIdentity(ctx.db.knex, ctx, scope, connectionId, lid);
  return { address: identity === undefined ? address : phoneOf(ctx, identity), connectionId };
}
