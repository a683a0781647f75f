import { createHmac } from 'node:crypto';
import { equalSecret } from '../crypto/secrets';

/** What an address of ours says of a file: which one, under which name, and until when. */
export interface SignedFile {
  mediaId: string;
  name: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

const TOKEN = /^([a-z0-9_]{1,64})\.([a-z0-9]{1,11})\.([\w-]{43})$/;

/**
 * Returns the token of a file's address, `<media id>.<expiry>.<HMAC-SHA256 over both and the name>`. It can not be
 * made or changed without the key, and holds nothing private.
 */
export function signFile(key: Buffer, { mediaId, name, expiresAt }: SignedFile): string {
  const expiry = expiresAt.toString(36);
  const mac = createHmac('sha256', key).update([mediaId, expiry, name].join('\n')).digest('base64url');
  return `${mediaId}.${expiry}.${mac}`;
}

/** Returns the media id of an address's token, or null: not of our making, of another name, or expired at `now`. */
export function readToken(key: Buffer, token: string, name: string, now: number): string | null {
  const [, mediaId = '', expiry = ''] = TOKEN.exec(token) ?? [];
  const expiresAt = Number.parseInt(expiry, 36);
  const genuine = equalSecret(token, signFile(key, { mediaId, name, expiresAt: expiresAt || 0 }));
  return genuine && expiresAt > now ? mediaId : null;
}
