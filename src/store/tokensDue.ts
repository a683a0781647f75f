import { RENEW_AGAIN_MS } from '../domain/tokenRefresh';
import type { StoreContext } from './context';

/** A token whose renewal is due. */
export interface DueToken {
  resourceId: string;
  version: number;
}

/** Few at a time: after a long standstill the renewals of thousands of locations are spread over minutes. */
const BATCH = 50;

/**
 * Takes the tokens that are to be renewed now; each is given to one caller, and again later while it is still not
 * renewed. Those of whoever is held until it is reconnected are left alone.
 */
export async function takeDueTokens(ctx: StoreContext): Promise<DueToken[]> {
  const now = await ctx.db.now();
  const rows = await ctx.db
    .knex('tokens as t')
    .join('installations as i', 'i.resource_id', 't.resource_id')
    .where('t.renew_at', '<=', now)
    .whereNotNull('t.access_sealed')
    .whereIn('i.state', ['installed', 'suspended'])
    .orderBy('t.renew_at')
    .limit(BATCH)
    .select<(DueToken & { seen: number })[]>({ resourceId: 't.resource_id', version: 't.version', seen: 't.renew_at' });
  const taken: DueToken[] = [];
  for (const { resourceId, version, seen } of rows) {
    // Compared and set: another process that saw the same row finds it changed.
    const ours = await ctx.db
      .knex('tokens')
      .where({ resource_id: resourceId, version, renew_at: seen })
      .update({ renew_at: now + RENEW_AGAIN_MS });
    if (ours === 1) taken.push({ resourceId, version });
  }
  return taken;
}
