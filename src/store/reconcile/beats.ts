import { outageBetween, SETTLE_MS } from '../../domain/outage';
import { newId, type StoreContext, type Trx } from '../context';
import type { OutageRow } from './outages';

/** Beats of all ingresses count as one: while any of them is there, posts arrive. */
const INGRESS = 'ingress';
const BATCH = 200;

/**
 * Notes that an ingress is there, and takes posts. After a silence that was too long it writes down an outage for every
 * location with a number, in the same transaction, so that each silence is found once. Returns for how many.
 */
export async function beat(ctx: StoreContext): Promise<number> {
  return await ctx.db.tx(async (trx) => {
    const now = await ctx.db.now(trx);
    await trx('beats').insert({ name: INGRESS, at: now }).onConflict('name').merge(['name']);
    const last = await trx('beats').where({ name: INGRESS }).forUpdate().first<{ at: number } | undefined>();
    await trx('beats').where({ name: INGRESS }).update({ at: now });
    const outage = outageBetween(last?.at ?? null, now);
    if (outage === null) return 0;
    const locations = await locationsWithNumbers(trx);
    const rows = locations.map((location_id): OutageRow => ({
      ...blankOutage(now),
      ...{ location_id, connection_id: null, from_at: outage.from, to_at: outage.to, due_at: now + SETTLE_MS },
    }));
    for (let start = 0; start < rows.length; start += BATCH)
      await trx<OutageRow>('outages').insert(rows.slice(start, start + BATCH));
    return rows.length;
  });
}

async function locationsWithNumbers(trx: Trx): Promise<string[]> {
  return await trx('connections as c')
    .join('locations as l', 'l.location_id', 'c.location_id')
    .whereIn('l.state', ['installed', 'suspended', 'reauth_required'])
    .distinct()
    .orderBy('c.location_id')
    .pluck<string[]>('c.location_id');
}

/** Returns the columns of an outage that nobody has looked at. */
function blankOutage(now: number): Omit<OutageRow, 'location_id' | 'connection_id' | 'from_at' | 'to_at' | 'due_at'> {
  const place = { looked_to: null, look_pass: 0, look_top: null, look_floor: null, look_cut: 0 as const };
  return { id: newId(now), tries: 0, ...place, done_at: null, retold: null, unreceipted: null, whole: 1 };
}

/** Notes in the transaction that a number is back (since when it was away, null: it never was) what is to be looked at. */
export async function noteReturn(
  trx: Trx,
  connection: { id: string; location_id: string; down_since: number | null },
  now: number,
): Promise<void> {
  const outage = outageBetween(connection.down_since, now);
  if (outage === null) return;
  await trx<OutageRow>('outages').insert({
    ...blankOutage(now),
    ...{ location_id: connection.location_id, connection_id: connection.id },
    ...{ from_at: outage.from, to_at: outage.to, due_at: now },
  });
}
