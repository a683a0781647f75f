import { createCipheriv, createHash, randomBytes } from 'node:crypto';

/** What GHL says of somebody in a location, in GHL's own order and spelling. */
export interface SaidContext {
  userId: string;
  companyId: string;
  role: string;
  type: string;
  activeLocation?: string;
  userName: string;
  email: string;
}

export const SHARED_SECRET = 'the-shared-secret-of-the-app';

/** Returns the context of an admin of a location. */
export function contextOf(more: Partial<SaidContext> = {}): SaidContext {
  return {
    userId: 'user-1',
    companyId: 'company-1',
    role: 'admin',
    type: 'location',
    activeLocation: 'location-1',
    userName: 'Ann Ångström 🌧',
    email: 'ann@example.com',
    ...more,
  };
}

/** Returns bytes encrypted as GHL does it (CryptoJS's `AES.encrypt`), before base64; a salt of its own unless told. */
export function saltedBytes(plain: string | Buffer, secret = SHARED_SECRET, salt = randomBytes(8)): Buffer {
  const md5 = (last: Buffer): Buffer => createHash('md5').update(last).update(secret).update(salt).digest();
  const [one, two] = [md5(Buffer.alloc(0)), md5(md5(Buffer.alloc(0)))];
  const cipher = createCipheriv('aes-256-cbc', Buffer.concat([one, two]), md5(two));
  return Buffer.concat([Buffer.from('Salted__'), salt, cipher.update(plain), cipher.final()]);
}

/** Returns the payload that GHL would hand to the page. */
export function payloadOf(context: object | string, secret = SHARED_SECRET): string {
  const plain = typeof context === 'string' ? context : JSON.stringify(context);
  return saltedBytes(plain, secret).toString('base64');
}
