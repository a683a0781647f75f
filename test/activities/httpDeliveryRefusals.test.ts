import { generateKeyPairSync, sign } from 'node:crypto';
import { deliveryBody, postDelivery, PRIVATE } from '../support/deliveryPost';
import { signedByGhl, SMS_SECRET, startHttpApp, type HttpApp } from '../support/httpApp';

interface Problem {
  status: number;
  code: string;
  errors?: { path: string; message: string }[];
}

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp();
});
afterAll(() => http.close());

async function problemOf(answer: Response): Promise<Problem> {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const text = await answer.text();
  for (const value of [...Object.values(PRIVATE), SMS_SECRET]) expect(text).not.toContain(value);
  expect(text).not.toMatch(/ at .*\.ts/);
  const problem = JSON.parse(text) as Problem;
  expect(problem.status).toBe(answer.status);
  return problem;
}

const refuse = async (...post: Parameters<typeof postDelivery> extends [unknown, ...infer Rest] ? Rest : never) =>
  await problemOf(await postDelivery(http, ...post));

describe('who may post', () => {
  test.each(['wrong', 'sms-secret-1x', 'SMS-SECRET-1', '%E0%A4%A', 'a%2Fb', '__proto__'])(
    'a secret that names no provider is not found: %s',
    async (secret) => {
      expect(await refuse(deliveryBody(), { secret })).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  test('an address without secret is not found', async () => {
    const answer = await fetch(`${http.ingress}/ghl/delivery/`, { method: 'POST', body: '{}' });
    expect(await problemOf(answer)).toMatchObject({ status: 404 });
  });

  test('the secret is asked before the signature: a wrong one with a bad signature is 404', async () => {
    expect((await refuse(deliveryBody(), { secret: 'wrong', signature: null })).status).toBe(404);
  });

  test.each([
    ['missing', null, 'signature_missing'],
    ['empty', '', 'signature_missing'],
    ['the word for unsigned', 'N/A', 'signature_missing'],
    ['not base64', 'zzz', 'signature_wrong'],
    ['of another body', signedByGhl('{}'), 'signature_wrong'],
    ['with a prefix', `sha256=${signedByGhl('{}')}`, 'signature_wrong'],
  ])('refuses a signature that is %s', async (_case, signature, code) => {
    expect(await refuse(deliveryBody(), { signature })).toMatchObject({ status: 401, code });
  });

  test('refuses a signature by another key', async () => {
    const text = JSON.stringify(deliveryBody());
    const signature = sign(null, Buffer.from(text), generateKeyPairSync('ed25519').privateKey).toString('base64');
    expect((await refuse(text, { signature })).code).toBe('signature_wrong');
  });

  test('the raw bytes count: the same JSON in other bytes is refused', async () => {
    const body = deliveryBody();
    const signature = signedByGhl(JSON.stringify(body));
    expect((await refuse(JSON.stringify(body, null, 1), { signature })).code).toBe('signature_wrong');
  });

  test('a missing signature leaves a log line and a metric that name the setting', async () => {
    await refuse(deliveryBody(), { signature: null });
    expect(http.logs()).toMatch(/"setting":"DELIVERY_SIGNATURE"/);
    const metrics = await http.app.metrics.render();
    expect(metrics).toMatch(/DELIVERY_SIGNATURE[\s\S]*bridge_signature_refusals_total\{reason="missing"\} \d+/);
    expect(metrics).toMatch(/bridge_signature_refusals_total\{reason="wrong"\} \d+/);
  });
});

describe('what may be posted', () => {
  const NEEDED = ['locationId', 'messageId', 'contactId', 'type', 'phone'];

  test.each(NEEDED)('names a missing field: %s', async (field) => {
    const { [field]: _left, ...body } = deliveryBody();
    const type = field === 'type' ? {} : { type: 'SMS' };
    const problem = await refuse({ ...body, ...type });
    expect(problem).toMatchObject({ status: 400, code: 'invalid_input' });
    expect(problem.errors?.map(({ path }) => path)).toEqual([field]);
    expect(problem.errors?.[0]?.message).toMatch(/required/);
  });

  test.each([null, '', 7, {}, ['a']])('names a field with an unusable value: %j', async (value) => {
    for (const field of NEEDED) {
      const problem = await refuse({ ...deliveryBody(), [field]: value });
      expect(problem.errors?.map(({ path }) => path)).toEqual([field]);
    }
  });

  test('names several at once, those that only an SMS needs too', async () => {
    const problem = await refuse({ type: 'SMS', messageId: 5, attachments: ['ok', 7], message: {} });
    const paths = problem.errors?.map(({ path }) => path) ?? [];
    expect(paths.sort()).toEqual(['attachments.1', 'contactId', 'locationId', 'message', 'messageId', 'phone']);
  });

  test.each([undefined, null, '', ' ', []])('names a missing emailTo of an e-mail: %j', async (emailTo) => {
    const problem = await refuse(deliveryBody({ type: 'Email', emailTo }), { secret: 'email-secret' });
    expect(problem.errors?.map(({ path }) => path)).toEqual(['emailTo']);
  });

  test.each([
    ['too long', 'x'.repeat(191)],
    ['with a space', 'a b'],
    ['with a control character', 'a\u0000b'],
    ['that is half a character', '\ud800'],
  ])('refuses an id %s', async (_case, id) => {
    for (const field of ['locationId', 'messageId', 'contactId', 'userId']) {
      expect((await refuse(deliveryBody({ [field]: id }))).errors?.[0]?.path).toBe(field);
    }
  });

  test.each([
    ['nothing', ''],
    ['words', 'phone=1'],
    ['half a document', '{"locationId":'],
    ['a deep nest', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '7'],
  ])('refuses what is no JSON object: %s', async (_case, text) => {
    const problem = await refuse(text);
    expect(problem).toMatchObject({ status: 400, code: 'invalid_input' });
    expect(problem.errors).toHaveLength(1);
    expect(problem.errors?.[0]).toMatchObject({ path: '' });
  });

  test('refuses a nest deeper than 32 levels before it is built, also where nobody would look at it', async () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const text = (levels: number) => `{"contactId":1,"extra":${nested(levels)}}`;
    expect((await refuse(text(32))).errors).toMatchObject([
      { path: '', message: expect.stringContaining('32 levels') as string },
    ]);
    expect((await refuse(text(31))).errors?.map(({ path }) => path)).toContain('contactId');
  });

  test('brackets inside a text are no nesting', async () => {
    const problem = await refuse(
      JSON.stringify({ ...deliveryBody({ contactId: 1 }), message: `"\\${'[{'.repeat(5_000)}` }),
    );
    expect(problem.errors?.map(({ path }) => path)).toEqual(['contactId']);
  });
});

describe('how much may be posted', () => {
  const large = JSON.stringify(deliveryBody({ message: 'x'.repeat(256 * 1024) }));

  test('refuses more than 256 KB that says its length', async () => {
    expect(await refuse(large)).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  test('refuses more than 256 KB that comes in chunks without a length', async () => {
    const chunks = new ReadableStream({
      start(controller) {
        for (let at = 0; at < large.length; at += 16_384) controller.enqueue(Buffer.from(large.slice(at, at + 16_384)));
        controller.close();
      },
    });
    const headers = { 'x-ghl-signature': signedByGhl(large) };
    const init = { method: 'POST', body: chunks, headers, duplex: 'half' } as RequestInit;
    const answer = await fetch(`${http.ingress}/ghl/delivery/${SMS_SECRET}`, init);
    expect(await problemOf(answer)).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  test('the size is asked before the signature', async () => {
    expect((await refuse(large, { signature: null })).status).toBe(413);
  });
});

describe('other addresses and methods', () => {
  test('an unknown address is a problem, too', async () => {
    expect(await problemOf(await fetch(`${http.ingress}/nothing/here`))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });

  test('a secret in a mistyped address stands in no log line', async () => {
    await fetch(`${http.ingress}/ghl/delivry/${SMS_SECRET}`, { method: 'POST', body: '{}' });
    expect(http.logs()).toContain('"route":"none"');
    expect(http.logs()).not.toContain(SMS_SECRET);
  });

  test('the admin routes are not on the public listener', async () => {
    for (const path of ['/metrics', '/healthz', '/admin/v1/connections']) {
      expect((await fetch(`${http.ingress}${path}`)).status).toBe(404);
    }
  });

  test('a method that the address does not know is told with those that it knows', async () => {
    const answer = await fetch(`${http.ingress}/ghl/delivery/${SMS_SECRET}`);
    expect(answer.headers.get('allow')).toContain('POST');
    expect(await problemOf(answer)).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });

  test('every answer forbids guessing, framing, referring and keeping', async () => {
    const { headers } = await fetch(`${http.ingress}/nothing`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

test('of all that was refused nothing was stored or started', async () => {
  expect(await http.db.knex('messages')).toHaveLength(0);
  expect(http.started).toHaveLength(0);
});

test('no secret, number or text stands in any log line', () => {
  for (const value of [...Object.values(PRIVATE), SMS_SECRET, 'email-secret']) expect(http.logs()).not.toContain(value);
});
