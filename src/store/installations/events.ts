import { later } from '../../domain/installation';
import type { StoreContext, Trx } from '../context';
import { isDuplicate } from '../db';
import { ensureInstallation, hear, lockInstallation, type InstallationRow, type Resource } from './row';

/** An app event of GHL as far as installations are concerned. Times are epoch milliseconds. */
export interface AppEvent {
  /** GHL's `webhookId`; a hash of the body where it has none. */
  id: string;
  type: string;
  locationId: string | null;
  companyId: string | null;
  planId: string | null;
  /** GHL's own time of the event; null: it does not say, and now counts. */
  at: number | null;
}

/** What an event did. */
export interface EventApplied {
  /** It was applied before, within seven days. */
  duplicate: boolean;
  /** Whose workflow is to be told. */
  changed: Resource[];
}

const NOTHING: EventApplied = { duplicate: false, changed: [] };

/**
 * Notes an app event and applies it, in one transaction; one that was noted before changes nothing. What a later event
 * has overtaken changes nothing either: see domain/installation.ts.
 */
export async function applyEvent(ctx: StoreContext, event: AppEvent): Promise<EventApplied> {
  const attempt = (): Promise<EventApplied> =>
    ctx.db.tx(async (trx) => {
      if (await isKnown(trx, event.id)) return { duplicate: true, changed: [] };
      const received_at = await ctx.db.now(trx);
      await trx('app_events').insert({ id: event.id, type: event.type.slice(0, 64), received_at });
      return await apply(ctx, trx, { ...event, at: event.at ?? received_at });
    });
  try {
    return await attempt();
  } catch (error) {
    // Another process took the same event, or made the same row, at the same moment.
    if (isDuplicate(error)) return await attempt();
    throw error;
  }
}

async function isKnown(trx: Trx, id: string): Promise<boolean> {
  return (await trx('app_events').where({ id }).first<{ id: string } | undefined>('id')) !== undefined;
}

async function apply(ctx: StoreContext, trx: Trx, event: AppEvent): Promise<EventApplied> {
  const resource = resourceOf(event);
  if (resource === null) return NOTHING;
  switch (event.type) {
    case 'INSTALL':
      return await install(ctx, trx, resource, event);
    case 'UNINSTALL':
      return await uninstall(ctx, trx, resource, event);
    case 'PLAN_CHANGE':
      return await note(trx, resource, (row) => planOf(row, event));
    case 'EXTERNAL_AUTH_CONNECTED':
      return await note(trx, resource, (row) => ({ external_auth_at: later(row.external_auth_at, event.at) }));
    default:
      return NOTHING;
  }
}

/** An event of a location names its company too; one of a company has no location (GHL docs, app install). */
function resourceOf({ locationId, companyId }: AppEvent): Resource | null {
  if (locationId !== null) return { resourceId: locationId, kind: 'location' };
  return companyId === null ? null : { resourceId: companyId, kind: 'company' };
}

async function install(ctx: StoreContext, trx: Trx, resource: Resource, event: AppEvent): Promise<EventApplied> {
  const row = await ensureInstallation(ctx, trx, resource, event.companyId);
  const company = { id: event.companyId, source: 'install' as const };
  const after = await hear(ctx, trx, row, { installAt: event.at }, { company, set: planOf(row, event) });
  const orphan = after.state === 'pending' && after.company_id === null;
  const companies = orphan ? await walkCompanies(ctx, trx) : [];
  const told: Resource[] = after.state === 'uninstalled' ? [] : [resource];
  return { duplicate: false, changed: [...told, ...companies] };
}

/** A future location is announced without its company (GHL docs, app install): each company's list may show it. */
async function walkCompanies(ctx: StoreContext, trx: Trx): Promise<Resource[]> {
  const companies = await trx<InstallationRow>('installations').where({ kind: 'company', state: 'installed' });
  for (const { resource_id, walk_skip } of companies) {
    await trx<InstallationRow>('installations')
      .where({ resource_id })
      .update({ walk_skip: walk_skip ?? 0, due_at: await ctx.db.now(trx), tries: 0 });
  }
  return companies.map((row) => ({ resourceId: row.resource_id, kind: 'company' }));
}

/**
 * An agency's uninstallation carries its id alone and holds for all its locations: all are marked here, and its workflow
 * serves them.
 */
async function uninstall(ctx: StoreContext, trx: Trx, resource: Resource, event: AppEvent): Promise<EventApplied> {
  const row = await ensureInstallation(ctx, trx, resource, event.companyId);
  const rows = [row, ...(resource.kind === 'company' ? await locationsOf(trx, resource.resourceId) : [])];
  const company = { id: event.companyId, source: 'uninstall' as const };
  for (const one of rows) await hear(ctx, trx, one, { uninstallAt: event.at }, { company });
  return { duplicate: false, changed: [resource] };
}

async function locationsOf(trx: Trx, companyId: string): Promise<InstallationRow[]> {
  const of = { company_id: companyId, kind: 'location' as const };
  return await trx<InstallationRow>('installations').where(of).orderBy('resource_id').forUpdate();
}

/** A plan that a newer event has overtaken changes nothing. */
function planOf({ plan_at: known }: InstallationRow, { planId, at }: AppEvent): Partial<InstallationRow> {
  if (planId === null || later(known, at) !== at) return {};
  return { plan_id: planId, plan_at: at };
}

/** What is only noted makes no installation. */
async function note(
  trx: Trx,
  { resourceId }: Resource,
  columns: (row: InstallationRow) => Partial<InstallationRow>,
): Promise<EventApplied> {
  const row = await lockInstallation(trx, resourceId);
  const set = row === null ? {} : columns(row);
  if (Object.keys(set).length > 0)
    await trx<InstallationRow>('installations').where({ resource_id: resourceId }).update(set);
  return NOTHING;
}

/** Such an event is not known any more (contract: seven days). */
const KEPT_MS = 7 * 86_400_000;

/** Forgets app events that are older than seven days. Returns how many. */
export async function expireEvents(ctx: StoreContext): Promise<number> {
  const now = await ctx.db.now();
  return await ctx.db
    .knex('app_events')
    .where('received_at', '<', now - KEPT_MS)
    .delete();
}
