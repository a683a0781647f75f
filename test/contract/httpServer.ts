import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireRecord } from '../support/openapi';

/** What the server answers to a request: a status with a JSON value, or free rein over the response. */
export type Reply =
  | { status: number; json?: unknown; headers?: Record<string, string> }
  | ((response: ServerResponse, request: IncomingMessage, body: string) => void);

export interface TestServer {
  url: string;
  /** Every request so far, in order. */
  requests: WireRecord[];
  close(): Promise<void>;
}

/** Starts an HTTP server on a free loopback port that records every request and answers as told. */
export async function startServer(reply: (request: WireRecord) => Reply): Promise<TestServer> {
  const requests: WireRecord[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(chunks) };
      requests.push(request);
      const answer = reply(request);
      if (typeof answer === 'function') return answer(response, incoming, request.body.toString('utf8'));
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.json === undefined ? undefined : JSON.stringify(answer.json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
