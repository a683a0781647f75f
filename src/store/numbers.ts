import type { NumberCheck } from '../channels/gateway';
import type { Address } from '../domain/address';
import { present } from '../domain/present';
import { addressKey, openAddress, sealAddress } from './messages/codec';
import { newId, type StoreContext, type Trx } from './context';
import { learnPair } from './identities';
import { isFresh } from './lane/fresh';
import type { NumberRow } from './peopleRows';
import type { MessageRow, PartRow } from './rows';

const DAY_MS = 86_400_000;
/** An account stays; one that is not there may be made any time, and somebody who was told so may have done it. */
const FRESH_MS = { there: 30 * DAY_MS, missing: 3_600_000 };

/** Returns what the gateway said of a message's number, while that is fresh; null: it has to be asked. */
export async function knownNumber(trx: Trx, message: MessageRow, now: number): Promise<NumberRow | null> {
  const { location_id } = message;
  const address_key = present(message.address_key, 'the number of a message');
  const row = await trx<NumberRow>('numbers').where({ location_id, address_key }).first();
  if (row === undefined) return null;
  const freshMs = row.exists_there === 1 ? FRESH_MS.there : FRESH_MS.missing;
  return now - row.checked_at < freshMs ? row : null;
}

/** Writes down what the gateway said of a message's number, its hidden identity too: later answers may come by that. */
export async function rememberNumber(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  check: NumberCheck & { kind: 'known' },
  now: number,
): Promise<NumberRow> {
  const { location_id } = message;
  const address_key = present(message.address_key, 'the number of a message');
  const before = await trx<NumberRow>('numbers').where({ location_id, address_key }).first();
  const id = before?.id ?? newId(now);
  const row: NumberRow = {
    id,
    location_id,
    address_key,
    exists_there: check.exists ? 1 : 0,
    number_sealed: check.number === undefined ? null : ctx.crypto.seal(check.number.value, `numbers/${id}/number`),
    number_key: check.number === undefined ? null : addressKey(ctx.crypto, check.number),
    lid_key: check.lid === undefined ? null : ctx.crypto.index(`lid|${check.lid}`),
    checked_at: now,
  };
  const { id: _, ...columns } = row;
  await trx<NumberRow>('numbers').insert(row).onConflict(['location_id', 'address_key']).merge(columns);
  if (check.lid !== undefined) await learnLid(ctx, trx, message, { ...check, lid: check.lid }, now);
  return row;
}

async function learnLid(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  { lid, number }: { lid: string; number?: Address },
  now: number,
): Promise<void> {
  const { location_id: locationId, address_sealed: sealed, connection_id: connectionId } = message;
  if (connectionId === null || sealed === null) return;
  const phone = number ?? openAddress(ctx.crypto, message.id, message.channel, sealed);
  await learnPair(ctx, trx, { locationId }, connectionId, { lid: lid.replace(/@.*$/, ''), phone }, now);
}

/**
 * Directs a message, none of whose parts was claimed, to the number under which the account is known, where that is
 * another than the contact's (Brazil's ninth digit, Mexico's old 521). Answers come from that number: it is remembered
 * as the contact's. Returns the message's row.
 */
export async function directToNumber(
  ctx: StoreContext,
  trx: Trx,
  message: MessageRow,
  number: NumberRow,
  now: number,
): Promise<MessageRow> {
  if (number.number_sealed === null || number.number_key === message.address_key) return message;
  const value = ctx.crypto.open(number.number_sealed, `numbers/${number.id}/number`);
  const { channel, location_id } = message;
  const address_key = number.number_key;
  const change = {
    address_key,
    // Under the number by which WhatsApp knows it something may have been exchanged.
    fresh: message.fresh === 1 ? await isFresh(trx, { ...message, address_key }) : message.fresh,
    address_sealed: sealAddress(ctx.crypto, message.id, { channel, value }),
  };
  await trx<MessageRow>('messages').where({ id: message.id }).update(change);
  await trx<PartRow>('message_parts')
    .where({ message_id: message.id, attempt: message.attempt })
    .update({ address_key: number.number_key });
  await trx('contacts')
    .insert({ location_id, address_key: number.number_key, contact_id: message.contact_id, updated_at: now })
    .onConflict(['location_id', 'address_key'])
    .merge(['location_id']);
  return { ...message, ...change };
}
