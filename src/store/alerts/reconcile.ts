import { CHANGED, GONE } from '../../domain/alertWords';
import { newId, type StoreContext, type Trx } from '../context';
import { findConnection } from '../find';
import { troubleKey, wantedAlerts, type Wanted } from './facts';
import { troubleOf, type AlertRow } from './rows';
import { closeGhlTells, openGhlTells, writePost } from './writeTells';

/** The row of this name is locked for a round: the rounds of all processes go one after the other. */
const ROUND = 'alert round';

export interface ReconcileOptions {
  /** Whether there is a webhook to post alerts to. */
  post: boolean;
}

/**
 * Brings the open alerts in line with the facts, and writes down what is to be told of each change, in one transaction:
 * opens what is wanted and not open, closes what is open and not wanted, and gives a trouble that goes on for another
 * reason its new kind. Safe beside other processes that do the same.
 */
export async function reconcileAlerts(ctx: StoreContext, options: ReconcileOptions): Promise<void> {
  await ctx.db.tx(async (trx) => {
    await trx('leases').insert({ name: ROUND, holder: ROUND, until: 0 }).onConflict('name').merge(['name']);
    const now = await ctx.db.now(trx);
    const open = await trx<AlertRow>('alerts').whereNotNull('open_trouble').orderBy('id');
    const wanted = new Map((await wantedAlerts(ctx, trx, open, now)).map((one) => [troubleKey(one), one]));
    for (const alert of open) {
      const still = wanted.get(alert.trouble);
      if (still === undefined) await close(trx, alert, options, now);
      else await goOn(trx, alert, still, options, now);
      wanted.delete(alert.trouble);
    }
    for (const [trouble, one] of wanted) await openAlert(trx, trouble, one, options, now);
    await openGhlTells(trx, now);
  });
}

async function openAlert(
  trx: Trx,
  trouble: string,
  one: Wanted,
  { post }: ReconcileOptions,
  now: number,
): Promise<void> {
  const alert: AlertRow = {
    id: newId(now),
    trouble,
    open_trouble: trouble,
    kind: one.kind,
    detail: one.detail,
    location_id: one.locationId,
    connection_id: one.connectionId,
    since: one.since,
    opened_at: now,
    closed_at: null,
  };
  await trx<AlertRow>('alerts').insert(alert);
  if (post) await writePost(trx, alert, 'open', alert.detail, now);
}

/** Later notes say what is wrong by then; the operator is told anew only of another kind. */
async function goOn(
  trx: Trx,
  alert: AlertRow,
  { kind, detail }: Wanted,
  { post }: ReconcileOptions,
  now: number,
): Promise<void> {
  if (kind === alert.kind && detail === alert.detail) return;
  await trx<AlertRow>('alerts').where({ id: alert.id }).update({ kind, detail });
  if (kind === alert.kind || !post) return;
  await writePost(trx, alert, 'closed', CHANGED, now);
  await writePost(trx, { ...alert, kind, detail }, 'open', detail, now);
}

async function close(trx: Trx, alert: AlertRow, { post }: ReconcileOptions, now: number): Promise<void> {
  await trx<AlertRow>('alerts').where({ id: alert.id }).update({ open_trouble: null, closed_at: now });
  const over = (await isGone(trx, alert)) ? GONE : alert.detail;
  if (post) await writePost(trx, alert, 'closed', over, now);
  await closeGhlTells(trx, alert, over, now);
}

/** A number of a location that was uninstalled is not back: nobody is told in GHL that it is. */
async function isGone(trx: Trx, alert: AlertRow): Promise<boolean> {
  if (alert.connection_id === null || troubleOf(alert) !== 'number') return false;
  return (await findConnection(trx, alert.connection_id))?.state !== 'connected';
}

/** Returns how many alerts of each kind are open. */
export async function countOpenAlerts(ctx: StoreContext): Promise<Partial<Record<AlertRow['kind'], number>>> {
  const rows = await ctx.db
    .knex<AlertRow>('alerts')
    .whereNotNull('open_trouble')
    .groupBy('kind')
    .select<{ kind: AlertRow['kind']; n: number | string }[]>('kind', ctx.db.knex.raw('count(*) as n'));
  return Object.fromEntries(rows.map(({ kind, n }) => [kind, Number(n)]));
}
