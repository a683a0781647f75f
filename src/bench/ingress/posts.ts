import { randomBytes } from 'node:crypto';
import { signedPost, type SigningKey } from '../../sandbox/ghl/agent/signing';

/** A signed Delivery post, made before the clock runs. */
export interface Post {
  body: Buffer;
  headers: Record<string, string>;
}

const CONTACTS = 200;
const WORDS = 'Your order is ready and waits for you at the counter until six, just show this message. ';

/** Returns Delivery posts as GHL makes them: each a new message, to 200 contacts in turn, of 20 to 300 characters. */
export function makePosts(count: number, locationId: string, key: SigningKey): Post[] {
  return Array.from({ length: count }, (_, index) => {
    const contact = index % CONTACTS;
    const body = {
      contactId: `benchContact${String(contact).padStart(8, '0')}`,
      locationId,
      messageId: `bench${randomBytes(8).toString('hex')}`,
      type: 'SMS',
      attachments: [],
      phone: `+6012${String(3_000_000 + contact)}`,
      message: WORDS.repeat(4).slice(0, 20 + ((index * 37) % 281)),
      userId: 'benchUser0000000000a',
    };
    const { bytes, headers } = signedPost(Buffer.from(JSON.stringify(body)), key);
    return { body: bytes, headers: { 'content-type': 'application/json', ...headers } };
  });
}
