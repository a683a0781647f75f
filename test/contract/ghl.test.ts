import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createGhlClient } from '../../src/ghl/client';
import { loadContract, type WireRecord } from '../support/openapi';
import { CALLS, type Call } from './ghlCalls';
import { startServer } from './httpServer';
import { TASK_COMPLETED } from './taskCompleted';

const FOLDER = process.env['GHL_OPENAPI_DIR'] || resolve(__dirname, '../../../shared/ghl-openapi');
const NOUNS = ['conversations', 'contacts', 'locations', 'oauth'];
const isThere = existsSync(FOLDER);
if (!isThere) process.stderr.write(`[test] GHL contract skipped: no OpenAPI files in GHL_OPENAPI_DIR (${FOLDER})\n`);

/** Makes one call against a server that gives its answers in turn; returns what was on the wire. */
async function record({ call, answers }: Call): Promise<WireRecord[]> {
  let next = 0;
  const server = await startServer(() => answers[next++] ?? { status: 500 });
  const client = createGhlClient({ apiUrl: server.url, clientId: 'app1-x', clientSecret: 'shh' });
  try {
    await call(client);
    return server.requests;
  } finally {
    await client.close();
    await server.close();
  }
}

(isThere ? describe : describe.skip)('GHL OpenAPI contract', () => {
  const mock = isThere ? loadContract(FOLDER, NOUNS, 'mock', TASK_COMPLETED) : undefined;
  const dated = isThere ? loadContract(FOLDER, NOUNS, 'dated', TASK_COMPLETED) : undefined;

  it('is exercised by every method of the client', async () => {
    const client = createGhlClient({ apiUrl: 'http://127.0.0.1:9', clientId: 'a', clientSecret: 'b' });
    const methods = Object.keys(client).filter((name) => name !== 'close');
    await client.close();
    expect([...new Set(CALLS.map(({ method }) => method))].sort()).toEqual(methods.sort());
  });

  it.each(CALLS)('$name: every request keeps it', async (call) => {
    const requests = await record(call);
    expect(requests).toHaveLength(call.answers.length);
    expect(requests.map((request) => mock?.checkRequest(request))).toEqual(requests.map(() => []));
  });

  it.each(CALLS)('$name: the answers that the tests give keep it too', async (call) => {
    const requests = await record(call);
    const problems = requests.map((request, index) => {
      const answer = call.answers[index] ?? { status: 0, json: null };
      return mock?.checkAnswer(request, answer.status, answer.json);
    });
    expect(problems).toEqual(requests.map(() => []));
  });

  it('departs from the published files only where they are known to be wrong', async () => {
    const problems: string[] = [];
    for (const call of CALLS) {
      for (const request of await record(call)) problems.push(...(dated?.checkRequest(request) ?? []));
    }
    expect([...new Set(problems)].sort()).toEqual([
      'body must NOT have additional properties (fileAttachment)',
      "body must have required property 'attachmentUrls'",
      "body must have required property 'conversationId'",
      "body must have required property 'conversationProviderId'",
      'body/direction must be object',
      // The files take a time for an object; the mock's, and GHL's own example, are numbers.
      'query startAfterDate must be object',
      'query startAfterDate must match a schema in anyOf',
    ]);
  });

  describe('the check itself', () => {
    const good: WireRecord = {
      method: 'POST',
      url: '/conversations/messages/inbound',
      headers: { version: '2021-04-15', authorization: 'Bearer t', 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ type: 'SMS', contactId: 'c1' })),
    };
    const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
    const withHeader = (name: string, value: string | undefined): WireRecord => ({
      ...good,
      headers: { ...good.headers, [name]: value },
    });

    it.each<[string, WireRecord, string[]]>([
      ['a good request', good, []],
      ['a missing Version', withHeader('version', undefined), ['header Version is missing']],
      [
        'another Version',
        withHeader('version', '2021-07-28'),
        ['header Version must be equal to one of the allowed values'],
      ],
      ['no bearer', withHeader('authorization', undefined), ['header Authorization with a bearer token is missing']],
      ['another content type', withHeader('content-type', 'text/plain'), ['content type text/plain is not documented']],
      ['another method', { ...good, method: 'PUT' }, ['PUT /conversations/messages/inbound is not documented']],
      ['an unknown path', { ...good, url: '/nowhere' }, ['POST /nowhere is not documented']],
      ['an unknown query field', { ...good, url: `${good.url}?x=1` }, ['query x is not documented']],
      [
        'an unknown property',
        { ...good, body: json({ type: 'SMS', contactId: 'c1', tags: [] }) },
        ['body must NOT have additional properties (tags)'],
      ],
      [
        'a wrong word',
        { ...good, body: json({ type: 'Sms', contactId: 'c1' }) },
        ['body/type must be equal to one of the allowed values'],
      ],
    ])('names %s', (_what, request, problems) => {
      expect(mock?.checkRequest(request)).toEqual(problems);
    });

    it('refuses a Version header at the token endpoint, an unknown property inside an object, a body on GET', () => {
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const token = Buffer.from('client_id=a&client_secret=b&grant_type=refresh_token');
      const versioned = { method: 'POST', url: '/oauth/token', headers: { ...form, version: 'v3' }, body: token };
      const error = { code: '1', type: 't', message: 'm', extra: 1 };
      const status = { ...good, method: 'PUT', url: '/conversations/messages/m1/status' };
      const get = { ...good, method: 'GET', url: '/conversations/search?locationId=l' };
      expect(mock?.checkRequest(versioned)).toHaveLength(1);
      expect(mock?.checkRequest({ ...status, body: json({ status: 'failed', error }) })).toEqual([
        'body/error must NOT have additional properties (extra)',
      ]);
      expect(mock?.checkRequest(get)).toEqual(['a body is not documented']);
    });

    it('refuses an answer without its ids and a status that is not documented', () => {
      expect(mock?.checkAnswer(good, 200, { success: true })).not.toEqual([]);
      expect(mock?.checkAnswer(good, 418, {})).toEqual(['status 418 is not documented']);
    });
  });
});
