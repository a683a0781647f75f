import type { IncomingMessage } from 'node:http';
import { DomainError } from '../../domain/errors';
import type { Step } from '../step';

export interface RawState {
  /** The body's bytes as they came: what is signed, and what is kept. */
  raw: Buffer;
}

/** So much of a body that is too large is read and dropped, so that its sender gets to read the answer. */
const DROPPED_BYTES = 4 * 1024 * 1024;

/** Reads the body once from the stream, at most `capBytes`. Refuses a longer one with 413, `body_too_large`. */
export function rawBody(capBytes: number): Step<RawState> {
  return async (ctx, next) => {
    const raw = await readRaw(ctx.req, capBytes);
    if (raw === null) {
      // The rest of the body may still be on its way: the connection is of no further use.
      ctx.set('Connection', 'close');
      throw tooLarge(capBytes);
    }
    ctx.state.raw = raw;
    ctx.state.bodyReadAt = performance.now();
    await next();
  };
}

/** Returns the body; null when it is longer than the cap. Throws `body_incomplete` when the sender goes away. */
function readRaw(request: IncomingMessage, capBytes: number): Promise<Buffer | null> {
  const mostBytes = capBytes + DROPPED_BYTES;
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= capBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > mostBytes) resolve(null);
    });
    request.on('end', () => resolve(bytes > capBytes ? null : Buffer.concat(chunks)));
    request.on('error', () => reject(incomplete()));
    request.on('close', () => {
      if (!request.complete) reject(incomplete());
    });
  });
}

function tooLarge(capBytes: number): DomainError {
  const message = `The body is too large: at most ${capBytes / 1024} KB are taken.`;
  return new DomainError('body_too_large', 'never', message, { status: 413 });
}

function incomplete(): DomainError {
  return new DomainError('body_incomplete', 'later', 'The body did not arrive in full.', { status: 400, benign: true });
}
