import type { FileReference } from '../domain/content';
import type { MediaKind } from '../domain/parts';
import { notFound } from '../domain/errors';
import type { Scope, StoreContext, Trx } from './context';
import { txAfterRace } from './race';
import type { MediaRow } from './mediaRows';
import type { MessageRow } from './rows';

/** What is known of a kept file. The name and where it came from are stored sealed. */
export interface StoredMedia extends Scope {
  mediaId: string;
  messageId: string;
  /** Which attachment of the message, from 0. */
  n: number;
  kind: MediaKind;
  name: string;
  type: string;
  bytes: number;
  sha256: string;
  source: { url: string; name?: string; keys?: Pick<FileReference, 'kind' | 'mediaKey' | 'sha256' | 'encSha256'> };
}

/** Whether a file is still needed: its message has not ended; it has, and GHL shows it by our address; or it has. */
export type Standing = 'needed' | 'offered' | 'ended';

const BATCH = 500;

/** Returns the file that is kept for an attachment, or null. */
export async function findMedia(
  ctx: StoreContext,
  scope: Scope,
  messageId: string,
  n: number,
): Promise<StoredMedia | null> {
  const row = await ctx.db
    .knex<MediaRow>('media')
    .where(attachment(scope, messageId, n))
    .first();
  return row === undefined ? null : storedMedia(ctx, row);
}

/**
 * Notes that a file is kept for an attachment. Returns the first one's note when there is one already. Throws not_found
 * for a message of another location, and for one that has ended meanwhile: nobody needs its file, and what an erasure
 * has gone through stays empty.
 */
export async function keepMedia(ctx: StoreContext, scope: Scope, file: Omit<StoredMedia, 'locationId'>) {
  return await txAfterRace(ctx.db, async (trx): Promise<StoredMedia> => {
    const kept = await trx<MediaRow>('media')
      .where(attachment(scope, file.messageId, file.n))
      .first();
    if (kept !== undefined) return storedMedia(ctx, kept);
    await requireOpen(trx, scope, file.messageId);
    const row = mediaRow(ctx, scope, file, await ctx.db.now(trx));
    await trx<MediaRow>('media').insert(row);
    return storedMedia(ctx, row);
  });
}

/** Returns the file of an id that one of our own signed addresses named, or null: whoever asks has no scope. */
export async function findSignedMedia(ctx: StoreContext, mediaId: string): Promise<StoredMedia | null> {
  const row = await ctx.db.knex<MediaRow>('media').where({ id: mediaId }).first();
  return row === undefined ? null : storedMedia(ctx, row);
}

/** Returns how those of some files stand that are known; across all locations. */
export async function mediaStandings(ctx: StoreContext, ids: readonly string[]): Promise<Map<string, Standing>> {
  const standings = new Map<string, Standing>();
  const now = await ctx.db.now();
  for (let from = 0; from < ids.length; from += BATCH) {
    const rows = await ctx.db
      .knex('media as f')
      .leftJoin<MessageRow>('messages as m', 'm.id', 'f.message_id')
      .whereIn('f.id', ids.slice(from, from + BATCH))
      .select<StandingRow[]>('f.id', 'f.keep_until', 'm.open');
    for (const row of rows) standings.set(row.id, standingOf(row, now));
  }
  return standings;
}

interface StandingRow {
  id: string;
  keep_until: number | null;
  open: 0 | 1 | null;
}

function standingOf({ open, keep_until: keepUntil }: StandingRow, now: number): Standing {
  if (open === 1) return 'needed';
  return open === 0 && (keepUntil ?? 0) > now ? 'offered' : 'ended';
}

/** Keeps a file for `forMs` from now, also when its message has ended: somebody was given a lasting address. */
export async function keepMediaLonger(ctx: StoreContext, scope: Scope, mediaId: string, forMs: number): Promise<void> {
  const keepUntil = (await ctx.db.now()) + forMs;
  await ctx.db
    .knex<MediaRow>('media')
    .where({ id: mediaId, location_id: scope.locationId })
    .update({ keep_until: keepUntil });
}

/**
 * Forgets files (at most 500) whose message ended, or vanished, over `afterMs` ago; all locations. One of a message that
 * is there stays for as long as its lasting address is good. Returns how many.
 */
export async function expireMedia(ctx: StoreContext, afterMs: number): Promise<number> {
  const now = await ctx.db.now();
  const before = now - afterMs;
  const ids = await ctx.db
    .knex('media as f')
    .leftJoin<MessageRow>('messages as m', 'm.id', 'f.message_id')
    .where('f.kept_at', '<', before)
    .where((ended) => {
      void ended.whereNull('m.id').orWhere((one) => {
        void one.where('m.open', 0).where('m.state_since', '<', before);
        void one.where((over) => void over.whereNull('f.keep_until').orWhere('f.keep_until', '<=', now));
      });
    })
    .orderBy('f.kept_at')
    .limit(BATCH)
    .pluck<string[]>('f.id');
  if (ids.length === 0) return 0;
  return await ctx.db.knex<MediaRow>('media').whereIn('id', ids).delete();
}

function attachment({ locationId }: Scope, messageId: string, n: number) {
  return { location_id: locationId, message_id: messageId, n };
}

/** Locks the message: an erasure comes before (and this throws) or after (and finds the file). */
async function requireOpen(trx: Trx, { locationId }: Scope, id: string): Promise<void> {
  const message = await trx<MessageRow>('messages')
    .where({ id, location_id: locationId, open: 1 })
    .whereNull('erased_at')
    .forUpdate()
    .first('id');
  if (message === undefined) throw notFound('message');
}

function mediaRow(
  { crypto }: StoreContext,
  { locationId }: Scope,
  { mediaId: id, messageId, n, kind, name, type, bytes, sha256, source }: Omit<StoredMedia, 'locationId'>,
  now: number,
): MediaRow {
  const [name_sealed, source_sealed] = [
    crypto.seal(name, `media/${id}/name`),
    crypto.seal(JSON.stringify(source), `media/${id}/source`),
  ];
  const facts = { n, kind, type, bytes, sha256, kept_at: now, keep_until: null };
  return { id, location_id: locationId, message_id: messageId, ...facts, name_sealed, source_sealed };
}

function storedMedia({ crypto }: StoreContext, row: MediaRow): StoredMedia {
  const { id, n, kind, type, bytes, sha256 } = row;
  return {
    locationId: row.location_id,
    messageId: row.message_id,
    mediaId: id,
    n,
    kind,
    type,
    bytes,
    sha256,
    name: crypto.open(row.name_sealed, `media/${id}/name`),
    source: JSON.parse(crypto.open(row.source_sealed, `media/${id}/source`)) as StoredMedia['source'],
  };
}
