import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Agent, request, type Dispatcher } from 'undici';

/** What stands before several ingresses in production: requests go to each in turn, and past one that is gone. */
export interface FrontDoor {
  url: string;
  /** How many requests each of the ports has answered. */
  answered: Map<number, number>;
  stop(): Promise<void>;
}

/** Headers of the connection, not of the request. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'host', 'content-length', 'transfer-encoding']);

/** Opens a front door on a free port of 127.0.0.1. A request whose ingress dies under it goes to the next one. */
export async function openFrontDoor(ports: readonly number[]): Promise<FrontDoor> {
  const agent = new Agent({ keepAliveTimeout: 2_000 });
  const answered = new Map(ports.map((port) => [port, 0]));
  let turn = 0;

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    const first = turn++;
    for (let offset = 0; offset < ports.length; offset++) {
      const port = ports[(first + offset) % ports.length]!;
      const answer = await forward(agent, port, incoming, body).catch(() => null);
      if (answer === null) continue;
      answered.set(port, answered.get(port)! + 1);
      outgoing.writeHead(answer.statusCode, { 'content-type': answer.type }).end(answer.body);
      return;
    }
    outgoing.writeHead(502).end();
  };

  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await agent.destroy();
    },
  };
}

async function forward(
  dispatcher: Agent,
  port: number,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<{ statusCode: number; type: string; body: Buffer }> {
  const answer = await request(`http://127.0.0.1:${port}${url}`, {
    dispatcher,
    method: method as Dispatcher.HttpMethod,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name))),
    body: body.length === 0 ? null : body,
  });
  const type = String(answer.headers['content-type'] ?? 'text/plain');
  return { statusCode: answer.statusCode, type, body: Buffer.from(await answer.body.arrayBuffer()) };
}
