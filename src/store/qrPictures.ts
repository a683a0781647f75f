import type { Scope, StoreContext } from './context';
import { ownConnection } from './find';

/** A QR code as it was fetched, and until when (epoch milliseconds) it is worth scanning. */
export interface QrPicture {
  png: Buffer;
  expiresAt: number;
}

export interface QrPictureRow {
  connection_id: string;
  location_id: string;
  png_sealed: string;
  expires_at: number;
}

const BATCH = 500;

/**
 * Keeps the QR code of a connection, sealed, for `lifeMs`; it takes the place of the one before. Returns when it expires
 * (epoch ms). Throws `not_found`.
 */
export async function keepQr(
  ctx: StoreContext,
  scope: Scope,
  connectionId: string,
  { png, lifeMs }: { png: Buffer; lifeMs: number },
): Promise<number> {
  return await ctx.db.tx(async (trx) => {
    const { id } = await ownConnection(trx, scope, connectionId);
    const expiresAt = (await ctx.db.now(trx)) + lifeMs;
    const row: QrPictureRow = {
      connection_id: id,
      location_id: scope.locationId,
      png_sealed: ctx.crypto.seal(png.toString('base64'), identityOf(id)),
      expires_at: expiresAt,
    };
    await trx<QrPictureRow>('qr_pictures').insert(row).onConflict('connection_id').merge();
    return expiresAt;
  });
}

/** Returns the QR code of a connection, or null: none was fetched, or it has expired. */
export async function readQr(ctx: StoreContext, scope: Scope, connectionId: string): Promise<QrPicture | null> {
  const now = await ctx.db.now();
  const row = await ctx.db
    .knex<QrPictureRow>('qr_pictures')
    .where({ connection_id: connectionId, location_id: scope.locationId })
    .where('expires_at', '>', now)
    .first();
  if (row === undefined) return null;
  const png = Buffer.from(ctx.crypto.open(row.png_sealed, identityOf(connectionId)), 'base64');
  return { png, expiresAt: row.expires_at };
}

/** Deletes the QR code of a connection: somebody has scanned one. */
export async function dropQr(ctx: StoreContext, scope: Scope, connectionId: string): Promise<void> {
  const name = { connection_id: connectionId, location_id: scope.locationId };
  await ctx.db.knex<QrPictureRow>('qr_pictures').where(name).delete();
}

/** Deletes QR codes that have expired, at most 500, of all locations. Returns how many. */
export async function expireQr(ctx: StoreContext): Promise<number> {
  const now = await ctx.db.now();
  const over = ctx.db.knex('qr_pictures').where('expires_at', '<=', now).orderBy('expires_at').limit(BATCH);
  const ids = await over.pluck<string[]>('connection_id');
  // The time again: one that was fetched anew since is good.
  return await ctx.db.knex('qr_pictures').whereIn('connection_id', ids).where('expires_at', '<=', now).delete();
}

const identityOf = (connectionId: string): string => `qr_pictures/${connectionId}/png`;
