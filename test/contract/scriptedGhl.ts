import { createGhlClient, type GhlClient } from '../../src/ghl/client';
import type { WireRecord } from '../support/openapi';
import { startServer, type Reply, type TestServer } from './httpServer';

export interface ScriptedGhl {
  readonly client: GhlClient;
  /** Sets the answers of the next requests, in turn; a request beyond them gets a 599. */
  answer(...replies: Reply[]): void;
  /** Every request of this test. */
  requests(): WireRecord[];
}

/** Returns a client over a server that answers as told; made anew for each test of the file. */
export function useGhl(): ScriptedGhl {
  let server: TestServer;
  let client: GhlClient;
  let replies: Reply[] = [];

  beforeEach(async () => {
    replies = [];
    server = await startServer(() => replies.shift() ?? { status: 599 });
    const app = { clientId: 'app1-x', clientSecret: 'shh-secret' };
    client = createGhlClient({ apiUrl: server.url, timeoutMs: 5_000, ...app });
  });

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  return {
    get client() {
      return client;
    },
    answer: (...next) => void replies.push(...next),
    requests: () => server.requests,
  };
}
