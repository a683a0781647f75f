import type { StoreContext } from './context';
import { isDuplicate } from './db';

/** Notes that a state has been used. Returns false when it was used before: then whoever brings it is refused. */
export async function takeState(ctx: StoreContext, id: string): Promise<boolean> {
  try {
    const used_at = await ctx.db.now();
    await ctx.db.knex('oauth_states').insert({ id, used_at });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** A state expires after ten minutes; a day is longer than any clock is wrong. */
const KEPT_MS = 86_400_000;

/** Forgets states that expired long ago. Returns how many. */
export async function expireStates(ctx: StoreContext): Promise<number> {
  const now = await ctx.db.now();
  return await ctx.db
    .knex('oauth_states')
    .where('used_at', '<', now - KEPT_MS)
    .delete();
}
