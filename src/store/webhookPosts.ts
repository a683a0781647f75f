import { newId, type Scope, type StoreContext } from './context';

export interface WebhookPost extends Scope {
  id: string;
  connectionId: string;
  raw: Buffer;
}

export interface PostRow {
  id: string;
  location_id: string;
  connection_id: string;
  body_sealed: string;
  state: 'new' | 'applied' | 'junk';
  tries: number;
  received_at: number;
  due_at: number | null;
}

/** The sweeper takes up a post that was not applied right behind its answer after this long, then ever later. */
const RETRY_MS = 20_000;

/** Keeps a gateway's post exactly as it came, before it is answered. Returns its id. */
export async function storePost(ctx: StoreContext, scope: Scope, connectionId: string, raw: Buffer): Promise<string> {
  const now = await ctx.db.now();
  const id = newId(now);
  await ctx.db.knex<PostRow>('webhook_posts').insert({
    id,
    location_id: scope.locationId,
    connection_id: connectionId,
    body_sealed: ctx.crypto.seal(raw.toString('base64'), `webhook_posts/${id}/body`),
    state: 'new',
    tries: 0,
    received_at: now,
    due_at: now + RETRY_MS,
  });
  return id;
}

/** Notes that a post was applied (or understood by nobody: junk, kept and counted). */
export async function settlePost(
  ctx: StoreContext,
  scope: Scope,
  id: string,
  state: 'applied' | 'junk',
): Promise<void> {
  await ctx.db
    .knex<PostRow>('webhook_posts')
    .where({ id, location_id: scope.locationId })
    .update({ state, due_at: null });
}

/** Returns (at most 100) posts that were stored and not applied, and puts off their next turn. */
export async function takeDuePosts(ctx: StoreContext): Promise<WebhookPost[]> {
  const now = await ctx.db.now();
  const rows = await ctx.db.knex<PostRow>('webhook_posts').where('due_at', '<', now).orderBy('due_at').limit(100);
  for (const row of rows) {
    const wait = Math.min(RETRY_MS * 2 ** row.tries, 3_600_000);
    await ctx.db
      .knex<PostRow>('webhook_posts')
      .where({ id: row.id })
      .update({ tries: row.tries + 1, due_at: now + wait });
  }
  return rows.map((row) => openPost(ctx, row));
}

/** A post that could not be applied so often holds up nobody behind it any more. */
const HOLDS_UP_TRIES = 2;
const OLDER_AT_ONCE = 100;

/**
 * Returns (at most 100) posts of the same connection that came before this one and were not applied: left behind by a
 * process that died, or in another one's hand just now. Oldest first.
 */
export async function olderPosts(ctx: StoreContext, scope: Scope, post: WebhookPost): Promise<WebhookPost[]> {
  const rows = await ctx.db
    .knex<PostRow>('webhook_posts')
    .where({ connection_id: post.connectionId, location_id: scope.locationId, state: 'new' })
    .where('id', '<', post.id)
    .where('tries', '<', HOLDS_UP_TRIES)
    .orderBy('id')
    .limit(OLDER_AT_ONCE);
  return rows.map((row) => openPost(ctx, row));
}

function openPost(ctx: StoreContext, row: PostRow): WebhookPost {
  return {
    id: row.id,
    locationId: row.location_id,
    connectionId: row.connection_id,
    raw: Buffer.from(ctx.crypto.open(row.body_sealed, `webhook_posts/${row.id}/body`), 'base64'),
  };
}
