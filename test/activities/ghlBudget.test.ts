import { DomainError } from '../../src/domain/errors';
import type { GhlBudget, HeededAnswer } from '../../src/ghl/budget';
import { createGhlClient, type GhlClient } from '../../src/ghl/client';
import { CALLS } from '../contract/ghlCalls';
import { startServer, type Reply, type TestServer } from '../contract/httpServer';
import { accessOf } from '../support/ghlAccess';

let server: TestServer;
let client: GhlClient;
let replies: Reply[];
let taken: string[];
let heeded: HeededAnswer[];
let refusal: Error | undefined;

beforeEach(async () => {
  [replies, taken, heeded, refusal] = [[], [], [], undefined];
  server = await startServer(() => replies.shift() ?? { status: 599 });
  const budget: GhlBudget = {
    take: (resourceId, priority) => {
      if (refusal !== undefined) return Promise.reject(refusal);
      return Promise.resolve(void taken.push(`${resourceId} ${priority}`));
    },
    heed: (_resourceId, answer) => Promise.resolve(void heeded.push(answer)),
  };
  client = createGhlClient({ apiUrl: server.url, timeoutMs: 5_000, clientId: 'app', clientSecret: 's', budget });
});

afterEach(async () => {
  await client.close();
  await server.close();
});

/** An exchange or refresh has no resource yet; a location's token is asked for on its company's account. */
const OAUTH = new Set(['exchangeCode', 'refresh']);
const OF_COMPANY = new Set(['locationToken']);
const status = (): Promise<void> =>
  client.updateMessageStatus(accessOf('tok', { priority: 'low' }), 'm1', { status: 'read' });

test.each(CALLS)('$name takes each of its requests out of the budget, unless it is OAuth', async (one) => {
  replies = [...one.answers];
  await one.call(client);
  expect(server.requests).toHaveLength(one.answers.length);
  const account = OF_COMPANY.has(one.method) ? 'comp1' : 'loc1';
  expect(taken).toEqual(OAUTH.has(one.method) ? [] : one.answers.map(() => `${account} high`));
  expect(heeded).toHaveLength(taken.length);
});

test('the caller names whose budget it is and how urgent', async () => {
  replies = [{ status: 200 }];
  await status();
  expect(taken).toEqual(['loc1 low']);
});

test('without budget nothing is sent', async () => {
  refusal = new DomainError('ghl_budget', 'later', 'Used up.', { retryAfterMs: 700 });
  await expect(status()).rejects.toMatchObject({ code: 'ghl_budget', retryAfterMs: 700 });
  expect(server.requests).toEqual([]);
});

test('a refusal and its headers are heeded before the caller learns of it', async () => {
  replies = [{ status: 429, headers: { 'x-ratelimit-remaining': '0' } }];
  await expect(status()).rejects.toMatchObject({ code: 'ghl_rate_limited' });
  expect(heeded).toEqual([
    expect.objectContaining({ status: 429, headers: expect.objectContaining({ 'x-ratelimit-remaining': '0' }) }),
  ]);
});
