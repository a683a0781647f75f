import type { IncomingHttpHeaders } from 'node:http';
import { text } from '../../src/sandbox/kit/answer';
import { startHttpServer, type HttpServer } from '../../src/sandbox/kit/http';
import { Journal } from '../../src/sandbox/kit/journal';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  raw: Buffer;
  /** The body parsed, or undefined when it is no JSON. */
  json: unknown;
}

/** A stand-in for the bridge: takes every post and answers the next of `statuses`, 200 when there is none. */
export interface Receiver extends HttpServer {
  posts: Journal<Received>;
  statuses: number[];
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Starts a receiver on a free port. */
export async function startReceiver(): Promise<Receiver> {
  const posts = new Journal<Received>();
  const statuses: number[] = [];
  const server = await startHttpServer(async ({ path, headers, body }) => {
    posts.add({ path, headers, raw: body, json: parse(body) });
    return text(statuses.shift() ?? 200, 'noted', 'text/plain');
  });
  return { ...server, posts, statuses };
}
