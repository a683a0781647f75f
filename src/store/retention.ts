import type { StoreContext } from './context';
import { eraseMessages } from './eraseMessages';
import type { MessageRow } from './rows';

/** How many of each kind were erased. */
export interface Expired {
  messages: number;
  posts: number;
  echoes: number;
  numbers: number;
}

const BATCH = 500;
/** An echo may correct a send for a day after its claim (messages/echoes.ts), so it has to be found for so long. */
const CORRECTABLE_MS = 86_400_000;

/**
 * Erases what is older than `keepMs`, of all locations: at most 500 of each kind, oldest first, so that it is called
 * until nothing is found. What has not ended (sent, too: its receipt may come) is left alone however old it is. Whether
 * GHL was told does not matter: a location may have lost its access for good. Telling needs neither text nor address,
 * only the gateway's words, which stay for so long. Returns what was erased.
 */
export async function eraseExpired(ctx: StoreContext, keepMs: number): Promise<Expired> {
  const now = await ctx.db.now();
  const cutoff = now - Math.max(keepMs, CORRECTABLE_MS);
  // Files live far shorter than that (MEDIA_TTL_MS); a last one is taken out of its folder by the media's own tidying.
  const old = await expiredMessages(ctx, cutoff, now - CORRECTABLE_MS);
  const { count: messages, echoes } = await eraseMessages(ctx, old, { untoldWords: 'keep' });
  return {
    messages,
    posts: await deleteOlder(ctx, 'webhook_posts', 'received_at', cutoff),
    echoes: echoes + (await deleteOlder(ctx, 'echoes', 'received_at', cutoff)),
    // What the gateway said of a number is asked again when it is that old.
    numbers: await deleteOlder(ctx, 'numbers', 'checked_at', cutoff),
  };
}

async function expiredMessages(ctx: StoreContext, cutoff: number, endedBefore: number): Promise<string[]> {
  return await ctx.db
    .knex<MessageRow>('messages')
    .whereNull('erased_at')
    .where('accepted_at', '<', cutoff)
    .where('state_since', '<', endedBefore)
    .where({ open: 0 })
    .whereNot({ state: 'sent' })
    .orderBy('accepted_at')
    .limit(BATCH)
    .pluck('id');
}

/** Deletes at most 500 rows; their table's key is `id`. */
async function deleteOlder(ctx: StoreContext, table: string, column: string, cutoff: number): Promise<number> {
  const old = ctx.db.knex(table).where(column, '<', cutoff).orderBy(column).limit(BATCH);
  const ids = await old.pluck<string[]>('id');
  return ids.length === 0 ? 0 : await ctx.db.knex(table).whereIn('id', ids).delete();
}
