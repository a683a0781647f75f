import { companyAfter } from '../../domain/companyOf';
import { installRetryMs, mergeHeard, nextPage, nextState } from '../../domain/installation';
import type { StoreContext, Trx } from '../context';
import { txAfterRace } from '../race';
import { ensureInstallation, hear, heardOf, lockInstallation, type InstallationRow, type Resource } from './row';

/** A step that is not finished within this time was cut off; then it is begun again. */
const STEP_MS = 60_000;

/** Returns a resource's row, or null when nothing was ever heard of it. */
export async function getInstallation(ctx: StoreContext, resourceId: string): Promise<InstallationRow | null> {
  return (await ctx.db.knex<InstallationRow>('installations').where({ resource_id: resourceId }).first()) ?? null;
}

/** A step that is the caller's for a minute, or in how long there is one (null: nothing is due). */
export type StepBegun =
  { kind: 'begun'; row: InstallationRow } | { kind: 'later'; row: InstallationRow; ms: number | null };

/**
 * Begins a resource's step. A location's may be taken by its own workflow and by its company's, so only one that is due
 * is given out; a company's workflow is the only one who asks for it. Returns null when nothing is known of it.
 */
export async function beginStep(ctx: StoreContext, resourceId: string): Promise<StepBegun | null> {
  return await ctx.db.tx(async (trx) => {
    const row = await lockInstallation(trx, resourceId);
    if (row === null) return null;
    const now = await ctx.db.now(trx);
    const ms = row.due_at === null ? null : row.due_at - now;
    if (row.kind === 'location' && (ms === null || ms > 0)) return { kind: 'later', row, ms };
    const due_at = now + STEP_MS;
    await trx<InstallationRow>('installations').where({ resource_id: resourceId }).update({ due_at });
    return { kind: 'begun', row: { ...row, due_at } };
  });
}

/** How a step ended. */
export type StepEnd =
  /** Nothing is to be done until something is heard. */
  | { kind: 'done' }
  /** It goes on at once, or in `ms` milliseconds. */
  | { kind: 'next'; ms: number; reason?: string | null }
  /** It was fruitless: longer and longer waits, or `ms` where that is known. */
  | { kind: 'retry'; reason: string; ms?: number };

/**
 * Ends the step that `begun` began. Something that was heard meanwhile made another one due: that stays. Returns in how
 * many milliseconds the next one is due; null: none.
 */
export async function endStep(ctx: StoreContext, begun: InstallationRow, end: StepEnd): Promise<number | null> {
  return await ctx.db.tx(async (trx) => {
    const row = await lockInstallation(trx, begun.resource_id);
    if (row === null) return null;
    const now = await ctx.db.now(trx);
    if (row.due_at !== begun.due_at) return row.due_at === null ? null : Math.max(0, row.due_at - now);
    const tries = end.kind === 'retry' ? row.tries + 1 : 0;
    const ms = end.kind === 'done' ? null : end.kind === 'retry' ? (end.ms ?? installRetryMs(tries)) : end.ms;
    const reason = end.kind === 'done' ? row.reason : (end.reason ?? null);
    await trx<InstallationRow>('installations')
      .where({ resource_id: row.resource_id })
      .update({ due_at: ms === null ? null : now + ms, tries, reason });
    return ms;
  });
}

/** A location as GHL's list of a company shows it. */
export interface ListedLocation {
  locationId: string;
  name: string | null;
  /** When it was installed, epoch milliseconds; null: the list does not say. */
  installedAt: number | null;
}

/**
 * Stores one page of a company's locations and how far the walk has come, in one transaction: a walk that was cut off
 * goes on there. `begunAt`: when the page was asked for. Returns those that stay with another company, for they have
 * their access by it (domain/companyOf.ts).
 */
export async function recordPage(
  ctx: StoreContext,
  companyId: string,
  page: { skip: number; locations: ListedLocation[]; size: number; count: number | null; begunAt: number },
): Promise<string[]> {
  return await txAfterRace(ctx.db, async (trx) => {
    const company = await lockInstallation(trx, companyId);
    if (company?.state !== 'installed' || company.walk_skip !== page.skip) return [];
    const now = await ctx.db.now(trx);
    const others: string[] = [];
    for (const listed of page.locations) {
      const belongsTo = await hearListed(ctx, trx, companyId, listed, page.begunAt);
      if (belongsTo !== companyId) others.push(listed.locationId);
    }
    const walk_skip = nextPage(page.skip, page.size, page.count);
    const walked = walk_skip === null ? { walked_at: now } : {};
    await trx<InstallationRow>('installations')
      .where({ resource_id: companyId })
      .update({ walk_skip, walk_count: page.count, ...walked });
    return others;
  });
}

/** Returns the company to which the location belongs from now on. */
async function hearListed(
  ctx: StoreContext,
  trx: Trx,
  companyId: string,
  { locationId, installedAt, name }: ListedLocation,
  begunAt: number,
): Promise<string | null> {
  const row = await ensureInstallation(ctx, trx, { resourceId: locationId, kind: 'location' }, companyId);
  const heard = { installAt: installedAt ?? begunAt };
  const known = { companyId: row.company_id, state: row.state, heard: heardOf(row) };
  const belongsTo = companyAfter(known, { companyId, source: 'list', at: heard.installAt });
  if (belongsTo !== companyId) return belongsTo;
  const isNew = nextState(row.state, mergeHeard(heardOf(row), heard), false) !== 'installed';
  const set = { ...(isNew ? { due_at: await ctx.db.now(trx), tries: 0 } : {}), name: row.name ?? name };
  await hear(ctx, trx, row, heard, { company: { id: companyId, source: 'list' }, set });
  return companyId;
}

/** Returns locations of a company whose step is due, oldest first. */
export async function dueOfCompany(ctx: StoreContext, companyId: string, limit: number): Promise<string[]> {
  const now = await ctx.db.now();
  return await ctx.db
    .knex<InstallationRow>('installations')
    .where({ company_id: companyId, kind: 'location' })
    .where('due_at', '<=', now)
    .orderBy([{ column: 'due_at' }, { column: 'resource_id' }])
    .limit(limit)
    .pluck('resource_id');
}

/** Writes the name that a location says of itself. */
export async function nameLocation(ctx: StoreContext, resourceId: string, name: string): Promise<void> {
  await ctx.db
    .knex<InstallationRow>('installations')
    .where({ resource_id: resourceId })
    .update({ name: name.slice(0, 255) });
}

/** A step this long overdue was not told to its workflow, or its process died. */
const OVERDUE_MS = 20_000;
const BATCH = 100;

/**
 * Returns (at most 100) resources whose step is overdue. Locations of a company that has something to do itself are left
 * to it: it serves them one after the other, and it is told where it is overdue.
 */
export async function overdueSteps(ctx: StoreContext): Promise<Resource[]> {
  const now = await ctx.db.now();
  const rows = await ctx.db
    .knex<InstallationRow>('installations')
    .where('due_at', '<', now - OVERDUE_MS)
    .whereNotExists((served) => {
      const of = { 'c.kind': 'company', 'c.resource_id': ctx.db.knex.ref('installations.company_id') };
      void served
        .from('installations as c')
        .where(of)
        .whereNotNull('c.due_at')
        .whereRaw("installations.kind = 'location'");
    })
    .orderBy('due_at')
    .limit(BATCH);
  return rows.map((row) => ({ resourceId: row.resource_id, kind: row.kind }));
}
