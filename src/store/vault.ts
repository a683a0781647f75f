import { randomBytes } from 'node:crypto';
import type { Cipher } from '../crypto/cipher';
import type { Db } from './db';

/**
 * Returns the key of the keyed hashes, made at the first start and kept sealed: it outlives the rotation of the key
 * ring, or nothing stored before could be found any more.
 */
export async function indexKey(db: Db, cipher: Cipher): Promise<Buffer> {
  const identity = 'vault/index-key/value';
  return await db.tx(async (trx) => {
    const made = randomBytes(32).toString('base64');
    await trx('vault')
      .insert({ name: 'index-key', value_sealed: cipher.seal(made, identity) })
      .onConflict('name')
      .merge(['name']);
    const row = await trx('vault').where({ name: 'index-key' }).forUpdate().first<{ value_sealed: string }>();
    return Buffer.from(cipher.open(row.value_sealed, identity), 'base64');
  });
}
