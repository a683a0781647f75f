import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, type Answer } from './answer';
import { asDomainError, DomainError } from '../../domain/errors';

/** One request as the stand-ins see it: the body as raw bytes, the path without its query and trailing slash. */
export interface SandboxRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Length of path and query as sent, in bytes. */
  urlBytes: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type Handler = (request: SandboxRequest) => Promise<Answer>;

/** A listening stand-in. `pause` refuses connections until `resume` listens again, on the same port. */
export interface HttpServer {
  url: string;
  port: number;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Pauses and resumes by itself after `ms` milliseconds. */
  pauseFor(ms: number): Promise<void>;
  stop(): Promise<void>;
  /** The next `count` connections are accepted and reset before anything is read from them. */
  resetConnections(count: number): void;
}

const MAX_BODY_BYTES = 20 * 1024 * 1024;
/** Far above Node's 16 KB: long texts travel in query strings, and a limit is a deliberate switch of the stand-in. */
const MAX_HEADER_BYTES = 512 * 1024;

async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

function toRequest(message: IncomingMessage, body: Buffer): SandboxRequest {
  const target = message.url ?? '/';
  const url = new URL(target, 'http://sandbox.invalid');
  return {
    method: message.method ?? 'GET',
    path: url.pathname.length > 1 ? url.pathname.replace(/\/+$/, '') : url.pathname,
    query: url.searchParams,
    urlBytes: Buffer.byteLength(target),
    headers: message.headers,
    body,
  };
}

function write(answer: Answer, message: IncomingMessage, response: ServerResponse): void {
  // A client that has already given up: the exchange is over, `close` has been and gone.
  if (response.destroyed) return answer.after?.();
  if (answer.kind === 'reply') {
    if (answer.after !== undefined) response.once('close', answer.after);
    response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
    response.end(answer.body);
    return;
  }
  if (answer.kind === 'reset') message.socket.resetAndDestroy();
  answer.after?.();
}

async function serve(handle: Handler, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(message);
  if (body === undefined) return write(json(413, { statusCode: 413, message: 'Body too large' }), message, response);
  try {
    write(await handle(toRequest(message, body)), message, response);
  } catch (error) {
    const { status, code, message: text } = asDomainError(error);
    write(json(status, { statusCode: status, code, message: text }), message, response);
  }
}

/**
 * Starts an HTTP server on 127.0.0.1 that answers with what `handle` returns: a reply, silence or a reset.
 * A DomainError of `handle` becomes a JSON answer with its status.
 * Throws DomainError `sandbox_port` when the port is taken; so does `resume`.
 * @param port 0 takes a free one.
 */
export async function startHttpServer(handle: Handler, port = 0): Promise<HttpServer> {
  let resets = 0;
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (message, response) => {
    // A client that goes away while its body is read is nothing to answer.
    serve(handle, message, response).catch(() => message.socket.destroy());
  });
  server.on('connection', (socket) => {
    if (resets === 0) return;
    resets -= 1;
    socket.resetAndDestroy();
  });

  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      const refuse = (error: NodeJS.ErrnoException) =>
        reject(new DomainError('sandbox_port', 'never', `Port ${on} can not be used: ${error.code ?? error.name}.`));
      server.once('error', refuse);
      server.listen(on, '127.0.0.1', () => {
        server.removeListener('error', refuse);
        resolve();
      });
    });
  let resumption: NodeJS.Timeout | undefined;
  const close = async () => {
    clearTimeout(resumption);
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };

  await listen(port);
  const actual = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${actual}`,
    port: actual,
    pause: close,
    resume: async () => {
      clearTimeout(resumption);
      if (!server.listening) await listen(actual);
    },
    pauseFor: async (ms) => {
      await close();
      resumption = setTimeout(() => void listen(actual), ms);
    },
    stop: close,
    resetConnections: (count) => {
      resets = count;
      // Kept-alive connections would carry the next requests past the reset.
      server.closeIdleConnections();
    },
  };
}
