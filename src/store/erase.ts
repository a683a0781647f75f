import type { Knex } from 'knex';
import type { Scope, StoreContext } from './context';
import { eraseMessages } from './eraseMessages';
import { forgetInboundLanes } from './forgetLanes';
import { keepOptOutsOf } from './optOutsKept';
import { messagesOf, subjectOf, type Subject, type SubjectKeys } from './subject';

/** What was erased, and how many messages are left because they are being sent or posted at this moment. */
export interface Erased {
  messages: number;
  files: number;
  posts: number;
  echoes: number;
  contacts: number;
  /** What is known of phone numbers, hidden identities and groups. */
  numbers: number;
  inHand: number;
}

/** Beside the counts: the files that are nobody's now, by their names in MEDIA_DIR. */
export interface ErasedSubject {
  erased: Erased;
  mediaIds: string[];
}

const BATCH = 500;

/**
 * Returns the ids of what has not ended, all or at most `limit`, the newest first: cancelled in this order, none moves up
 * to be sent.
 */
export async function unfinishedOf(
  ctx: StoreContext,
  scope: Scope,
  subject: Subject,
  limit?: number,
): Promise<string[]> {
  const messages = messagesOf(ctx, scope, await subjectOf(ctx, scope, subject)).where({ open: 1 });
  if (limit !== undefined) void messages.limit(limit);
  return await messages
    .orderBy([
      { column: 'accepted_at', order: 'desc' },
      { column: 'seq', order: 'desc' },
    ])
    .pluck('id');
}

/**
 * Erases at once what is held of a location, or of one of its contacts: texts, addresses, files, what the gateway
 * posted, remembered contacts and numbers. The bare facts of messages stay, so that a later post of the same message
 * stays a duplicate. What is in hand is left; the same call again erases it. Safe to repeat.
 */
export async function eraseSubject(ctx: StoreContext, scope: Scope, subject: Subject): Promise<ErasedSubject> {
  const keys = await subjectOf(ctx, scope, subject);
  const mediaIds: string[] = [];
  let echoes = 0;
  const messages = await inBatches(
    () => messagesOf(ctx, scope, keys).whereNull('erased_at'),
    async (ids) => {
      const batch = await eraseMessages(ctx, ids, { untoldWords: 'erase' });
      mediaIds.push(...batch.mediaIds);
      echoes += batch.echoes;
      return batch.count;
    },
  );
  await eraseUntoldWords(ctx, scope, keys);
  await keepOptOutsOf(ctx, scope, keys?.addressKeys ?? null);
  const deleted = (table: string, rows: Knex.QueryBuilder) =>
    inBatches(
      () => rows.clone(),
      (ids) => ctx.db.knex(table).whereIn('id', ids).delete(),
    );
  const erased = {
    messages,
    posts: await deleted('webhook_posts', postsOf(ctx, scope, keys)),
    echoes: echoes + (await deleted('echoes', withAddress(ctx, 'echoes', scope, keys))),
    numbers:
      (await deleted('numbers', withAddress(ctx, 'numbers', scope, keys))) +
      (await deleted('identities', withAddress(ctx, 'identities', scope, keys))) +
      (await deleted('chats', withAddress(ctx, 'chats', scope, keys))),
    contacts: await withAddress(ctx, 'contacts', scope, keys).delete(),
  };
  await forgetInboundLanes(ctx, scope, keys);
  if (keys === null) await ctx.db.knex('qr_pictures').where({ location_id: scope.locationId }).delete();
  const inHand = await count(messagesOf(ctx, scope, keys).where({ open: 1 }));
  return { erased: { ...erased, files: mediaIds.length, inHand }, mediaIds };
}

/** What has passed its retention may have kept the gateway's words for GHL; asked for by a person they go now. */
async function eraseUntoldWords(ctx: StoreContext, scope: Scope, keys: SubjectKeys | null): Promise<void> {
  await inBatches(
    () => messagesOf(ctx, scope, keys).whereNotNull('erased_at').whereNotNull('reason_text'),
    (ids) => ctx.db.knex('messages').whereIn('id', ids).update({ reason_text: null }),
  );
}

/** Returns the locations that hold something of a contact: an operator may know the contact's id alone. */
export async function locationsOfContact(ctx: StoreContext, contactId: string): Promise<string[]> {
  const of = (table: string): Promise<string[]> =>
    ctx.db.knex(table).where({ contact_id: contactId }).distinct().pluck<string[]>('location_id');
  return [...new Set([...(await of('messages')), ...(await of('contacts'))])].sort();
}

/**
 * A gateway's post is kept as it came, sealed, and nothing outside says whom it is about. Once it was applied it serves
 * nobody, so all such posts of the location go, whichever contact is erased.
 */
function postsOf(ctx: StoreContext, scope: Scope, keys: SubjectKeys | null): Knex.QueryBuilder {
  const posts = ctx.db.knex('webhook_posts').where({ location_id: scope.locationId });
  return keys === null ? posts : posts.whereNull('due_at');
}

function withAddress(ctx: StoreContext, table: string, scope: Scope, keys: SubjectKeys | null): Knex.QueryBuilder {
  const rows = ctx.db.knex(table).where({ location_id: scope.locationId });
  return keys === null ? rows : rows.whereIn('address_key', keys.addressKeys);
}

/** Goes through the rows of a question once, by id, and sums up what `work` says of each batch. */
async function inBatches(question: () => Knex.QueryBuilder, work: (ids: string[]) => Promise<number>): Promise<number> {
  let sum = 0;
  for (let after = ''; ;) {
    const ids = await question().where('id', '>', after).orderBy('id').limit(BATCH).pluck<string[]>('id');
    const last = ids.at(-1);
    if (last === undefined) return sum;
    sum += await work(ids);
    after = last;
  }
}

async function count(rows: Knex.QueryBuilder): Promise<number> {
  const row = await rows.count<{ n: number | string }[]>({ n: '*' }).first();
  return Number(row?.n ?? 0);
}
