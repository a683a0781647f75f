import { openAddress } from './messages/codec';
import type { Address } from '../domain/address';
import type { OptState } from '../domain/optOut';
import type { ContactRow } from './contacts';
import type { Scope, StoreContext, Trx } from './context';
import { confirmationText, type OptOutRow } from './optOuts';
import type { MessageRow } from './rows';

/** What is left to do for an opt-out, or its end; whoever took it has TAKEN_MS for it. */
export interface OptOutTask extends Scope {
  id: string;
  /** The inbound message that said the word. */
  messageId: string;
  state: OptState;
  connectionId: string;
  /** GHL's id of the contact; null: nobody knows it. */
  contactId: string | null;
  /** The message is still on its way to GHL, and will tell whose it is. */
  isArriving: boolean;
  /** GHL is to know of it. */
  dnd: boolean;
  /** What the contact is to be told, and where; null: nothing (more). */
  confirm: { text: string; to: Address } | null;
  tries: number;
  /** Until when it is this taker's, epoch milliseconds. */
  takenUntil: number;
}

/** Far above the time-out of what is asked of GHL. */
const TAKEN_MS = 60_000;

/**
 * Takes (at most `limit`) opt-outs of installed locations with something left to do, longest due first. One taker has
 * one at a time, also when the contact says another word meanwhile: GHL is told of the two one after the other.
 */
export async function takeOptOutTasks(ctx: StoreContext, limit: number): Promise<OptOutTask[]> {
  const due = await dueRows(ctx.db.knex, await ctx.db.now(), 1);
  if (due.length === 0) return [];
  return await ctx.db.tx(async (trx) => {
    const now = await ctx.db.now(trx);
    const tasks: OptOutTask[] = [];
    for (const row of await dueRows(trx, now, limit)) {
      const taken = await trx<OptOutRow>('opt_outs')
        .where({ id: row.id, tries: row.tries, taken_until: row.taken_until })
        .update({ taken_until: now + TAKEN_MS, tries: row.tries + 1 });
      if (taken === 1) tasks.push(await taskOf(ctx, trx, { ...row, taken_until: now + TAKEN_MS }));
    }
    return tasks;
  });
}

async function dueRows(db: Trx | StoreContext['db']['knex'], now: number, limit: number): Promise<OptOutRow[]> {
  return await db<OptOutRow>('opt_outs as o')
    .where('o.due_at', '<=', now)
    .where((free) => void free.whereNull('o.taken_until').orWhere('o.taken_until', '<=', now))
    .whereExists((one) => {
      void one.from('locations as l').whereRaw('l.location_id = o.location_id').where({ 'l.state': 'installed' });
    })
    .orderBy([{ column: 'o.due_at' }, { column: 'o.id' }])
    .limit(limit)
    .select<OptOutRow[]>('o.*');
}

async function taskOf(ctx: StoreContext, trx: Trx, row: OptOutRow): Promise<OptOutTask> {
  const { location_id: locationId, message_id: messageId, state } = row;
  const said = await trx<MessageRow>('messages').where({ id: messageId, location_id: locationId }).first();
  const contactId = await contactOf(trx, row, said);
  if (contactId !== row.contact_id)
    await trx<OptOutRow>('opt_outs').where({ id: row.id }).update({ contact_id: contactId });
  const sealed = row.confirm_due === 1 ? (said?.address_sealed ?? null) : null;
  const to = said === undefined || sealed === null ? null : openAddress(ctx.crypto, said.id, said.channel, sealed);
  const text = to === null ? '' : await confirmationText(trx, locationId);
  return {
    ...{ locationId, messageId, state, contactId, id: row.id, connectionId: row.connection_id },
    isArriving: said?.open === 1,
    dnd: row.dnd_due === 1,
    confirm: to === null || text === '' ? null : { text, to },
    tries: row.tries + 1,
    takenUntil: row.taken_until ?? 0,
  };
}

/** The one under which the message stands in GHL counts first, then whoever is remembered or was written to there. */
async function contactOf(trx: Trx, row: OptOutRow, said: MessageRow | undefined): Promise<string | null> {
  if (said?.contact_id != null) return said.contact_id;
  const name = { location_id: row.location_id, address_key: row.address_key };
  const remembered = await trx<ContactRow>('contacts').where(name).first();
  if (remembered !== undefined) return remembered.contact_id;
  const written = await trx<MessageRow>('messages')
    .where({ ...name, direction: 'outbound' })
    .whereNotNull('contact_id')
    .orderBy('id', 'desc')
    .first('contact_id');
  return written?.contact_id ?? row.contact_id;
}

/** How far a taker came. `later`: once more in so many milliseconds; absent: what is left is given up. */
export interface OptOutEnd {
  confirmed: boolean;
  told: boolean;
  laterMs?: number;
}

/**
 * Writes down what a taker has done. Of a word that another has overtaken, or that is to be told anew since (which both
 * begin to count the tries again), nothing is: that one's turn is next. Who has taken too long has lost it to another.
 */
export async function finishOptOutTask(ctx: StoreContext, task: OptOutTask, end: OptOutEnd): Promise<void> {
  await ctx.db.tx(async (trx) => {
    const own = { id: task.id, location_id: task.locationId };
    const row = await trx<OptOutRow>('opt_outs').where(own).forUpdate().first();
    if (row === undefined || row.taken_until !== task.takenUntil) return;
    const now = await ctx.db.now(trx);
    const isLast = row.message_id === task.messageId && row.tries === task.tries;
    const done = {
      ...(end.confirmed ? { confirm_due: 0 as const } : {}),
      ...(end.told ? { dnd_due: 0 as const } : {}),
      due_at: end.laterMs === undefined ? null : now + end.laterMs,
    };
    await trx<OptOutRow>('opt_outs')
      .where(own)
      .update({ taken_until: null, ...(isLast ? done : {}) });
  });
}
