import type { Knex } from 'knex';
import type { AlertSubject } from '../../domain/alertWords';
import type { Scope, StoreContext, Trx } from '../context';
import type { AlertRow, TellRow } from './rows';

/** Something that is to be told now; whoever took it has CLAIM_MS for it. */
export interface DueTell extends Scope, AlertSubject {
  tellId: string;
  what: TellRow['what'];
  contactId: string | null;
  /** GHL's id of the task that is to be completed. */
  taskId: string | null;
  tries: number;
  /** Epoch milliseconds. */
  openedAt: number;
  /** An earlier try may have succeeded: look before doing it again. */
  lookFirst: boolean;
  /** The trouble is over: if an earlier try has not succeeded, it is not made up for. */
  onlyLook: boolean;
}

/** Far above the time-out of a post to the operator or to GHL. */
const CLAIM_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Takes (at most `limit`) tells of a sort that are due and that nothing of their line stands before. Each is marked
 * before it is done, so a crash in between is known: the next taker looks first. One process gets each.
 */
export async function takeDueTells(ctx: StoreContext, sort: 'operator' | 'ghl', limit: number): Promise<DueTell[]> {
  if ((await firstsOfLines(ctx.db.knex, sort, 1, await ctx.db.now())).length === 0) return [];
  return await ctx.db.tx(async (trx) => {
    const now = await ctx.db.now(trx);
    const due = await firstsOfLines(trx, sort, limit, now);
    const taken: DueTell[] = [];
    for (const row of due) {
      const claimed = await trx<TellRow>('alert_tells')
        .where({ id: row.id, due_at: row.due_at })
        .update({ due_at: now + CLAIM_MS, unclear: 1, tries: row.tries + 1 });
      if (claimed === 1) taken.push(...(await tellOf(trx, row, now)));
    }
    return taken;
  });
}

async function firstsOfLines(db: Knex, sort: 'operator' | 'ghl', limit: number, now: number): Promise<TellRow[]> {
  return await db<TellRow>('alert_tells as t')
    .where('t.due_at', '<=', now)
    .whereIn('t.what', sort === 'operator' ? ['post'] : ['note', 'task'])
    .whereNotExists((earlier) => {
      void earlier
        .from('alert_tells as e')
        .whereNotNull('e.due_at')
        .whereRaw('e.line = t.line')
        .whereRaw('e.id < t.id');
    })
    .orderBy([{ column: 't.due_at' }, { column: 't.id' }])
    .limit(limit)
    .select<TellRow[]>('t.*');
}

/** Returns the tell; none when it is too old, or the end of something of which the beginning was never told. */
async function tellOf(trx: Trx, row: TellRow, now: number): Promise<DueTell[]> {
  const began = row.phase === 'closed' ? await beginningOf(trx, row) : undefined;
  const untold = row.phase === 'closed' && began?.state !== 'done';
  if (untold || now - row.created_at > DAY_MS) {
    const state = untold ? 'moot' : 'given_up';
    await trx<TellRow>('alert_tells').where({ id: row.id }).update({ state, due_at: null });
    return [];
  }
  const alert = await trx<AlertRow>('alerts').where({ id: row.alert_id }).first();
  return [
    {
      tellId: row.id,
      locationId: row.location_id,
      connectionId: row.connection_id,
      kind: row.kind,
      phase: row.phase,
      detail: row.detail,
      since: row.since,
      what: row.what,
      contactId: row.contact_id,
      taskId: began?.ghl_id ?? null,
      tries: row.tries + 1,
      openedAt: alert?.opened_at ?? row.created_at,
      lookFirst: row.unclear === 1,
      onlyLook: row.phase === 'open' && row.what !== 'post' && alert?.closed_at != null,
    },
  ];
}

async function beginningOf(trx: Trx, row: TellRow): Promise<TellRow | undefined> {
  const same = row.what === 'post' ? { kind: row.kind } : { subject: row.subject };
  return await trx<TellRow>('alert_tells')
    .where({ alert_id: row.alert_id, what: row.what, phase: 'open', ...same })
    .where('id', '<', row.id)
    .orderBy('id', 'desc')
    .first();
}

/** How a try to tell ended. */
export type TellEnd =
  | { kind: 'done'; ghlId?: string }
  /** There was nothing left to tell. */
  | { kind: 'moot' }
  /** Once more in `waitMs`; `unclear`: it may have succeeded. */
  | { kind: 'later'; waitMs: number; unclear: boolean }
  | { kind: 'given_up' };

/** Writes down how a try ended. What could not be told within a day is given up. Returns the tell's state. */
export async function finishTell(
  ctx: StoreContext,
  scope: Scope,
  tellId: string,
  end: TellEnd,
): Promise<TellRow['state'] | null> {
  return await ctx.db.tx(async (trx) => {
    const name = { id: tellId, location_id: scope.locationId };
    const row = await trx<TellRow>('alert_tells').where(name).first();
    if (row === undefined) return null;
    const now = await ctx.db.now(trx);
    const tooLate = end.kind === 'later' && now + end.waitMs - row.created_at > DAY_MS;
    const state = end.kind === 'later' ? (tooLate ? 'given_up' : 'due') : end.kind;
    await trx<TellRow>('alert_tells')
      .where(name)
      .update({
        state,
        due_at: end.kind === 'later' && !tooLate ? now + end.waitMs : null,
        unclear: end.kind === 'later' && end.unclear ? 1 : 0,
        ghl_id: end.kind === 'done' ? (end.ghlId ?? null) : row.ghl_id,
      });
    return state;
  });
}
