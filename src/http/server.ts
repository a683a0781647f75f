import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Koa from 'koa';
import { DomainError } from '../domain/errors';
import type { RequestState } from './step';

/** A caller gets this long for its headers, and for the whole request; it can hold no connection for nothing. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
};

/** After this long a connection in hand is cut. */
const GRACE_MS = 15_000;
const IDLE_CHECK_MS = 50;

export interface HttpServer {
  /** The port that is listened on; the system's choice where 0 was asked for. */
  port: number;
  /** Stops accepting, lets what is in hand finish, closes idle connections. Cuts what is left after `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

/** Listens with an application. Throws `address_in_use` or `address_unusable`, naming host and port. */
export async function listen(koa: Koa<RequestState>, at: { host: string; port: number }): Promise<HttpServer> {
  const handle = koa.callback();
  const inHand = new Set<Promise<void>>();
  let closing = false;
  const server = createServer(LIMITS, (request: IncomingMessage, response: ServerResponse) => {
    if (closing) response.setHeader('Connection', 'close');
    const work = handle(request, response).finally(() => inHand.delete(work));
    inHand.add(work);
  });
  await bind(server, at);
  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMs = GRACE_MS) {
      closing = true;
      await closeServer(server, graceMs);
      // A caller may have gone while its request was still worked on.
      await Promise.allSettled(inHand);
    },
  };
}

function bind(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const inUse = cause.code === 'EADDRINUSE';
      const message = inUse
        ? `Another process listens on ${host}:${port} already: stop it or choose another port.`
        : `It is not possible to listen on ${host}:${port} (${cause.code ?? 'unknown'}): check host and port.`;
      reject(new DomainError(inUse ? 'address_in_use' : 'address_unusable', 'never', message, { cause }));
    });
    server.listen(port, host, () => resolve());
  });
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(idle);
  clearTimeout(cut);
}
