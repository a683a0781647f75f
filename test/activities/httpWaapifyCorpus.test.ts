import fc from 'fast-check';
import { connected } from '../support/gatewayPosts';
import { startHttpApp, type HttpApp } from '../support/httpApp';
import { inboundCorpus } from '../support/inboundCorpus';
import { mutated, mutations } from '../support/mutations';

const corpus = inboundCorpus();

let http: HttpApp;
let secret: string;
beforeAll(async () => {
  http = await startHttpApp();
  ({ secret } = await connected(http, 'loc1'));
});
afterAll(() => http.close());

const post = async (body: string | Buffer): Promise<number> =>
  (await fetch(`${http.ingress}/waapify/webhooks/${secret}`, { method: 'POST', body })).status;

/** Ids of the messages that were taken from customers. */
async function taken(): Promise<string[]> {
  const rows = await http.db.knex('messages').select<{ source_key: string }[]>('source_key');
  return rows.map(({ source_key }) => source_key.slice(source_key.indexOf(':') + 1));
}

test('every body of the corpus is answered with 200, and every customer with a number in it is heard once', async () => {
  const statuses = await Promise.all(corpus.map(({ raw }) => post(raw)));
  expect([...new Set(statuses)]).toEqual([200]);
  await http.applied();
  const expected = corpus
    .flatMap(({ events }) => events)
    .flatMap((event) => (event.kind === 'message' ? [event] : []))
    .filter(({ from, group, history }) => from !== null && group === undefined && !history)
    .map(({ gatewayId }) => gatewayId);
  const ids = await taken();
  expect(ids).toEqual(expect.arrayContaining(expected));
  expect(ids).toEqual([...new Set(ids)]);
});

test('whatever a post holds, the answer is 200, and a good message beside it is taken', async () => {
  const bodies = fc.constantFrom(...corpus.filter(({ body }) => typeof body === 'object'));
  const valid: string[] = [];
  await fc.assert(
    fc.asyncProperty(bodies, mutations, async ({ body }, steps) => {
      const id = `VALID${valid.length}`;
      valid.push(id);
      const key = { remoteJid: '60123456789@s.whatsapp.net', fromMe: false, id };
      const messages = [{ key, message: { conversation: 'hi' } }];
      const good = { data: { event: 'messages.upsert', data: { messages } } };
      expect(await post(JSON.stringify([mutated(body, steps), good]))).toBe(200);
    }),
    { numRuns: 50 },
  );
  await http.applied();
  expect(await taken()).toEqual(expect.arrayContaining(valid));
});
