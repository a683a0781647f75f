import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the gateway's host saw it. */
export interface SeenRequest {
  method: string;
  path: string;
  params: Record<string, string>;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface WaapifyHost {
  /** Base address, as an operator would set it: `http://127.0.0.1:PORT/api`. */
  baseUrl: string;
  requests: SeenRequest[];
  /** How many connections were opened, with or without a request. */
  connections: () => number;
  /** What the next requests are answered with. */
  answer: (reply: (response: ServerResponse, request: SeenRequest) => void) => void;
  close: () => Promise<void>;
}

/** Starts a gateway host on a free port whose answers the test decides, request by request. */
export async function startWaapifyHost(): Promise<WaapifyHost> {
  const requests: SeenRequest[] = [];
  let connections = 0;
  let reply: (response: ServerResponse, request: SeenRequest) => void = (response) => response.end('{}');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://host');
      const seen = {
        method: request.method ?? '',
        path: url.pathname,
        params: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(seen);
      reply(response, seen);
    });
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    requests,
    connections: () => connections,
    answer: (next) => (reply = next),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
