import type { StoreContext } from './context';

/**
 * Takes or renews a named lease: one process at a time does the named work. Returns whether it is ours until
 * `forMs` from now.
 */
export async function takeLease(ctx: StoreContext, name: string, holder: string, forMs: number): Promise<boolean> {
  return await ctx.db.tx(async (trx) => {
    const now = await ctx.db.now(trx);
    await trx('leases').insert({ name, holder, until: 0 }).onConflict('name').merge(['name']);
    const lease = await trx('leases')
      .where({ name })
      .forUpdate()
      .first<{ holder: string; until: number } | undefined>();
    if (lease !== undefined && lease.holder !== holder && lease.until > now) return false;
    await trx('leases')
      .where({ name })
      .update({ holder, until: now + forMs });
    return true;
  });
}

/** Gives a lease back, if it is ours. */
export async function giveLease(ctx: StoreContext, name: string, holder: string): Promise<void> {
  await ctx.db.knex('leases').where({ name, holder }).update({ until: 0 });
}
