import type { StoreContext } from '../context';
import type { InstallationRow, Resource } from './row';

/** Of a company, how many of its locations are known and how many of them have their tokens. */
export interface Progress {
  known: number;
  connected: number;
}

/** Returns every installation: the operator's view across all locations. */
export async function listInstallations(ctx: StoreContext): Promise<InstallationRow[]> {
  return await ctx.db.knex<InstallationRow>('installations').orderBy('resource_id');
}

/** What is looked at again: not what is installed and well, nor what is gone. */
const UNSETTLED = ['pending', 'suspended', 'reauth_required'] as const;

/**
 * Makes the reconciling of one resource or of all due now: companies are walked anew, unsettled locations tried again.
 * Returns whose workflow is to be told.
 */
export async function markForReconcile(ctx: StoreContext, resourceId?: string): Promise<Resource[]> {
  const now = await ctx.db.now();
  const rows = await ctx.db
    .knex<InstallationRow>('installations')
    .where((one) => void (resourceId === undefined ? one : one.where({ resource_id: resourceId })))
    .where((one) => {
      void one.whereIn('state', UNSETTLED).orWhere({ kind: 'company', state: 'installed' });
      if (resourceId !== undefined) void one.orWhere({ resource_id: resourceId });
    });
  for (const { resource_id, kind, walk_skip } of rows) {
    const walk = kind === 'company' ? { walk_skip: walk_skip ?? 0 } : {};
    await ctx.db
      .knex<InstallationRow>('installations')
      .where({ resource_id })
      .update({ due_at: now, tries: 0, ...walk });
  }
  return rows.map((row) => ({ resourceId: row.resource_id, kind: row.kind }));
}

/** Returns how far each company has come, by its id. */
export async function companyProgress(ctx: StoreContext): Promise<Map<string, Progress>> {
  const rows: { company_id: string; state: string; n: number | string }[] = await ctx.db
    .knex('installations')
    .where({ kind: 'location' })
    .whereNotNull('company_id')
    .whereNot({ state: 'uninstalled' })
    .groupBy('company_id', 'state')
    .select('company_id', 'state')
    .count({ n: '*' });
  const progress = new Map<string, Progress>();
  for (const { company_id, state, n } of rows) {
    const one = progress.get(company_id) ?? { known: 0, connected: 0 };
    const connected = one.connected + (state === 'installed' ? Number(n) : 0);
    progress.set(company_id, { known: one.known + Number(n), connected });
  }
  return progress;
}
