import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fireOpenLoop, type LoadResult } from '../../src/bench/ingress/openLoop';
import { makePosts } from '../../src/bench/ingress/posts';
import { reportOf } from '../../src/bench/ingress/report';
import { percentilesOf } from '../../src/bench/percentiles';
import { verifyGhlSignature } from '../../src/ghl/signature';
import { deliverySchema } from '../../src/http/routes/ghlDelivery/schema';
import { signingKey } from '../../src/sandbox/ghl/agent/signing';
import { publicKeys } from '../../src/config/parsers/publicKeys';

describe('percentilesOf', () => {
  it('takes the nearest rank, whatever the order', () => {
    const durations = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentilesOf(durations)).toEqual({ count: 200, median: 100, p95: 190, p99: 198, max: 200 });
    expect(percentilesOf([7])).toEqual({ count: 1, median: 7, p95: 7, p99: 7, max: 7 });
    expect(percentilesOf([]).median).toBeNaN();
  });
});

describe('makePosts', () => {
  it('makes different, valid and rightly signed Delivery posts', () => {
    const key = signingKey();
    const posts = makePosts(500, 'loc-1', key);
    const keys = publicKeys.parse(key.publicKeyPem);
    const verdicts = posts.map(({ body, headers }) =>
      verifyGhlSignature({ raw: body, header: headers['x-ghl-signature'] ?? '', keys }),
    );
    expect(new Set(verdicts)).toEqual(new Set(['valid']));
    const bodies = posts.map(({ body }) => deliverySchema.parse(JSON.parse(body.toString())));
    expect(new Set(bodies.map(({ messageId }) => messageId)).size).toBe(500);
    expect(new Set(bodies.map(({ phone }) => phone)).size).toBe(200);
  });
});

describe('fireOpenLoop', () => {
  const POSTS = Array.from({ length: 20 }, () => ({ body: Buffer.from('{}'), headers: {} }));

  async function fire(listener: RequestListener): Promise<LoadResult> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const target = { origin, path: '/x', cpuSeconds: async () => 0 };
    const result = await fireOpenLoop(target, { posts: POSTS, rate: 200, startAt: performance.now() + 50 });
    server.close();
    return result;
  }

  it('goes on posting while the target stalls, and charges it the whole wait', async () => {
    const unanswered: (() => void)[] = [];
    const arrivals: IncomingMessage[] = [];
    const result = await fire((request, response) => {
      arrivals.push(request);
      unanswered.push(() => response.end());
      // Nobody is answered before the last one has come: a closed loop would wait here for ever.
      if (arrivals.length === POSTS.length) for (const answer of unanswered) answer();
    });
    expect(result.latencies).toHaveLength(POSTS.length);
    // The first was due 95 ms (19 x 5 ms) before the last one left.
    expect(Math.max(...result.latencies)).toBeGreaterThanOrEqual(95);
  });

  it('counts answers that are no 200 and connections that break as errors, not as latencies', async () => {
    let n = 0;
    const result = await fire((request, response) => {
      n += 1;
      if (n === 1) request.socket.destroy();
      else response.writeHead(n === 2 ? 429 : 200).end();
    });
    expect(result.latencies).toHaveLength(POSTS.length - 2);
    expect(Object.fromEntries(result.errors)).toEqual({ '429': 1, UND_ERR_SOCKET: 1 });
  });
});

describe('reportOf', () => {
  function load(latency: number): LoadResult {
    return { latencies: [latency], lateness: [0.5], errors: new Map([['503', 2]]), cpuMs: 4 };
  }

  it('names errors, and holds the median against the bare route and one commit', () => {
    const measured = { bridge: load(7), bare: load(2), commits: [4], temporalDown: false };
    const report = reportOf(measured).join('\n');
    expect(report).toContain('2 x 503');
    expect(report).toContain('median   3.50 x bare; 7.0 ms, goal 7.0 ms: met');
    expect(reportOf({ ...measured, commits: [3.9] }).join('\n')).toContain('goal 6.9 ms: NOT met');
  });

  it('allows more at the end of the tail while Temporal is down', () => {
    const measured = { bridge: load(70), bare: load(2), commits: [4] };
    expect(reportOf({ ...measured, temporalDown: false }).join('\n')).toContain(
      'p99      70.0 ms, goal 50.0 ms: NOT met',
    );
    expect(reportOf({ ...measured, temporalDown: true }).join('\n')).toContain('p99      70.0 ms, goal 100.0 ms: met');
  });
});
