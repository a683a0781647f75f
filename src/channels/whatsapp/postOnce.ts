import { Client } from 'undici';
import { errorCode, gatedConnector } from './dial';
import { WriteGate, type NotSentCause } from './writeGate';

/** Far above any reply of the gateway (a QR code is some 10 KB). */
const MAX_RESPONSE_BYTES = 1024 * 1024;
const MAX_CONNECT_MS = 10_000;

export interface PostOptions {
  /** Of the whole call, in milliseconds. */
  timeoutMs: number;
  userAgent: string;
  /** Asked once, when the connection stands and before the first byte. */
  mayWrite: () => boolean;
}

export type PostOutcome =
  | { kind: 'answer'; status: number; body: Buffer }
  /** Certainly nothing was written. */
  | { kind: 'not_sent'; cause: NotSentCause }
  /** It was written, or may have been, and no whole answer came. */
  | { kind: 'lost'; cause: string };

/**
 * Posts an empty body over a connection of its own. A kept-alive connection may be found dead only after the write,
 * which leaves in doubt whether the request was received; on a fresh one every failure before the write is proof.
 * Redirects are not followed. Never throws, and tells nothing of the address, which carries the token.
 */
export async function postOnce(url: URL, options: PostOptions): Promise<PostOutcome> {
  const gate = new WriteGate(options.mayWrite);
  const client = new Client(url.origin, {
    connect: gatedConnector(gate, MAX_CONNECT_MS),
    pipelining: 1,
    maxResponseSize: MAX_RESPONSE_BYTES,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const close = (): void => void client.destroy().catch(() => undefined);
  const deadline = { passed: false };
  // An abort signal would not do: the HTTP client heeds it only once the connection stands.
  const timer = setTimeout(() => {
    deadline.passed = true;
    gate.shut('connect_timeout');
    close();
  }, options.timeoutMs);
  try {
    return await exchange(client, url, options.userAgent);
  } catch (error) {
    if (!gate.opened) return { kind: 'not_sent', cause: gate.cause };
    return { kind: 'lost', cause: deadline.passed ? 'timeout' : lostCause(error) };
  } finally {
    clearTimeout(timer);
    close();
  }
}

async function exchange(client: Client, url: URL, userAgent: string): Promise<PostOutcome> {
  const response = await client.request({
    method: 'POST',
    path: `${url.pathname}${url.search}`,
    headers: { 'user-agent': userAgent, accept: 'application/json, */*' },
    reset: true,
  });
  return { kind: 'answer', status: response.statusCode, body: Buffer.from(await response.body.arrayBuffer()) };
}

function lostCause(error: unknown): string {
  const code = errorCode(error);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'too_large';
  if (code === 'ECONNRESET') return 'reset';
  if (code === 'UND_ERR_SOCKET' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'closed';
  return code.startsWith('HPE_') ? 'not_http' : 'network';
}
