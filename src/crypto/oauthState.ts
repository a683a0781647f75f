import { createHmac } from 'node:crypto';
import { equalSecret, hashSecret, randomSecret } from './secrets';

/** How long a person may take on GHL's pages, in milliseconds. */
export const STATE_LIFE_MS = 600_000;

/** What a state says once its signature is good. */
interface StateBody {
  v: 1;
  /** Its own name, by which it is used once. */
  id: string;
  /** Hash of the cookie of the browser that began the installation. */
  browser: string;
  /** Epoch milliseconds. */
  until: number;
}

/** Good, with the name under which it is used up; or not, without saying why to whoever brought it. */
export type StateVerdict = { ok: true; id: string } | { ok: false };

/** Returns a state for the `state` parameter of an installation, and the secret for the browser's cookie. */
export function newOauthState(key: Buffer, now: number): { state: string; cookie: string } {
  const cookie = randomSecret();
  const body: StateBody = { v: 1, id: randomSecret(16), browser: hashSecret(cookie), until: now + STATE_LIFE_MS };
  const text = Buffer.from(JSON.stringify(body), 'utf8').toString('base64url');
  return { state: `${text}.${signatureOf(key, text)}`, cookie };
}

/**
 * Checks a state that came back: signed with our key, not expired, brought by the browser that began. Whether it was
 * used before is for the store to say. Never throws.
 */
export function readOauthState(
  key: Buffer,
  now: number,
  given: { state: string; cookie: string | undefined },
): StateVerdict {
  const [text = '', signature = '', ...more] = given.state.split('.');
  if (more.length > 0 || !equalSecret(signature, signatureOf(key, text))) return { ok: false };
  const body = parse(text);
  if (body === null || body.until <= now || given.cookie === undefined) return { ok: false };
  return equalSecret(hashSecret(given.cookie), body.browser) ? { ok: true, id: body.id } : { ok: false };
}

function signatureOf(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('base64url');
}

/** What we signed we wrote, but perhaps in another version of this code. */
function parse(text: string): StateBody | null {
  try {
    const body = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<StateBody>;
    const isOurs = body.v === 1 && typeof body.id === 'string' && typeof body.browser === 'string';
    return isOurs && typeof body.until === 'number' ? (body as StateBody) : null;
  } catch {
    return null;
  }
}
