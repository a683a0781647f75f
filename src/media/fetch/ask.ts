import { request as requestPlain, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { asMediaError, mediaError, type MediaErrorCode } from '../mediaError';
import { checkedLookup, type Resolver } from './checkedLookup';
import type { Target } from './target';

/** How long parts of a fetch may take, in milliseconds. */
export interface FetchLimits {
  /** From the name's look-up to the end of the answer's head, for each address in a row of redirects. */
  headMs: number;
  /** Between two pieces of the body. */
  idleMs: number;
  /** Of the whole fetch with all redirects: a body that drips does not hold a worker for longer. */
  totalMs: number;
}

export interface Answer {
  status: number;
  header(name: string): string | undefined;
  body: IncomingMessage;
  /** To be called behind the body. Throws `media_incomplete` where the server sent more than it had announced. */
  finish(): void;
  /** Drops the connection, and what is left of the body with it. */
  close(): void;
}

/** Identity: a packed body could unpack to any size. No cookie, credential or referrer is ever sent. */
const HEADERS = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'Mozilla/5.0 (compatible; media fetch)' };

/**
 * Asks for a target over a connection of its own; redirects are not followed. Throws a DomainError `media_*`. By Node's
 * own client: undici 7.30 ends the process when a server closes the connection of a body that is read slowly.
 */
export async function ask(
  target: Target,
  { resolve, limits }: { resolve: Resolver; limits: FetchLimits },
  signal: AbortSignal,
): Promise<Answer> {
  const lookup = checkedLookup(resolve, target.vouchedFor);
  const send = target.url.protocol === 'https:' ? requestSecure : requestPlain;
  const request = send(target.url, { agent: false, lookup, headers: HEADERS, signal });
  const trouble: unknown[] = [];
  request.on('error', (error) => trouble.push(error));
  const timer = setTimeout(() => request.destroy(mediaError('media_timeout')), limits.headMs);
  try {
    const body = await answerTo(request);
    request.setTimeout(limits.idleMs, () => body.destroy(mediaError('media_timeout')));
    return {
      status: body.statusCode ?? 0,
      header: (name) => [body.headers[name]].flat().join(',') || undefined,
      body,
      // The parser finds bytes behind the end of a body: what was read may be the half of a file.
      finish: () => {
        if (trouble.length > 0) throw mediaError('media_incomplete');
      },
      close: () => void request.destroy(),
    };
  } catch (error) {
    request.destroy();
    throw asMediaError(error, brokenHead(error));
  } finally {
    clearTimeout(timer);
  }
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    // An answer that is none (another protocol is offered) ends the connection without an error.
    request.once('close', () => reject(mediaError('media_unreachable')));
    request.once('response', (body) => {
      // Whoever reads the body hears of its errors; a body that is not read may break unheard.
      body.on('error', () => undefined);
      resolve(body);
    });
    request.end();
  });
}

function brokenHead(error: unknown): MediaErrorCode {
  return (error as NodeJS.ErrnoException).code === 'ETIMEDOUT' ? 'media_timeout' : 'media_unreachable';
}
