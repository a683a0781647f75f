import fc from 'fast-check';
import type { TokenGrant } from '../../src/ghl/oauth';
import { startHttpApp, type HttpApp } from '../support/httpApp';

let exchanged = 0;
let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({
    env: { GHL_MARKETPLACE_URL: 'https://marketplace.white.example/', GHL_INSTALL_PATH: '/oauth/chooselocation' },
    ghl: {
      exchangeCode: () => {
        exchanged += 1;
        return Promise.resolve(GRANT);
      },
    },
  });
});
afterAll(() => http.close());
beforeEach(() => {
  exchanged = 0;
});

const GRANT: TokenGrant = {
  ...{ accessToken: 'a', refreshToken: 'r', expiresInS: 86_399, scope: '' },
  ...{ userType: 'Location', locationId: 'locFromGhl' },
};

/** Opens /oauth/install as a browser does. Returns where it is sent, with which state, and its cookie. */
async function begin() {
  const answer = await fetch(`${http.ingress}/oauth/install`, { redirect: 'manual' });
  const to = new URL(answer.headers.get('location')!);
  const cookie = answer.headers.get('set-cookie')!;
  return {
    status: answer.status,
    to,
    state: to.searchParams.get('state')!,
    header: cookie,
    cookie: cookie.split(';')[0]!,
  };
}

async function come(state: string, cookie?: string) {
  const query = new URLSearchParams({ code: 'the-code', state }).toString();
  const answer = await fetch(`${http.ingress}/oauth/callback?${query}`, {
    headers: cookie === undefined ? {} : { cookie },
  });
  return { status: answer.status, page: await answer.text(), dropped: answer.headers.get('set-cookie') };
}

test("sends the browser to the page that the settings name, with all that GHL's page asks for", async () => {
  const { status, to } = await begin();
  expect(status).toBe(302);
  expect(`${to.origin}${to.pathname}`).toBe('https://marketplace.white.example/oauth/chooselocation');
  expect(Object.fromEntries(to.searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'sandboxapp-client',
    redirect_uri: 'https://bridge.example.com/oauth/callback',
    scope: http.app.settings.ghlScopes.join(' '),
  });
});

test('the cookie is for these two addresses, out of reach of scripts, and for TLS alone', async () => {
  const { header } = await begin();
  for (const word of ['Path=/oauth', 'HttpOnly', 'SameSite=Lax', 'Secure', 'Max-Age=600'])
    expect(header).toContain(word);
});

test('on a loopback address, which has no TLS, the cookie comes without Secure', async () => {
  const local = await startHttpApp({ env: { PUBLIC_URL: 'http://127.0.0.1:3000' } });
  const answer = await fetch(`${local.ingress}/oauth/install`, { redirect: 'manual' });
  expect(answer.headers.get('set-cookie')).not.toContain('Secure');
  await local.close();
});

test('the browser that began completes it, once; its cookie is taken back', async () => {
  const { state, cookie } = await begin();
  const first = await come(state, cookie);
  expect([first.status, exchanged]).toEqual([200, 1]);
  expect(first.dropped).toContain('Max-Age=0');
  const again = await come(state, cookie);
  expect([again.status, exchanged]).toEqual([400, 1]);
  expect(again.page).toContain('not begun in this browser');
});

test.each([
  ['without the cookie', async () => ({ state: (await begin()).state, cookie: undefined })],
  ['in another browser', async () => ({ state: (await begin()).state, cookie: (await begin()).cookie })],
  ['with a state of somebody else', async () => ({ state: 'x.y', cookie: (await begin()).cookie })],
  ['with an empty state', async () => ({ state: '', cookie: (await begin()).cookie })],
])('%s it is refused, and the code is not spent', async (_how, made) => {
  const { state, cookie } = await made();
  expect((await come(state, cookie)).status).toBe(400);
  expect(exchanged).toBe(0);
});

test('two states in the query are refused', async () => {
  const answer = await fetch(`${http.ingress}/oauth/callback?code=c&state=a&state=b`);
  expect([answer.status, exchanged]).toEqual([400, 0]);
});

test('a fuzzed state is refused with one page that shows nothing of it, and stands in no log', async () => {
  const { cookie } = await begin();
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 12, maxLength: 200 }), async (state) => {
      const { status, page } = await come(state, cookie);
      expect(status).toBe(400);
      expect(page).not.toContain(state);
      expect(http.logs()).not.toContain(JSON.stringify(state).slice(1, -1));
    }),
    { numRuns: 40 },
  );
  expect(exchanged).toBe(0);
});

test('no state, cookie or code stands in a log line', async () => {
  const { state, cookie } = await begin();
  await come(state, cookie);
  for (const secret of [state, cookie.split('=')[1]!, 'the-code']) expect(http.logs()).not.toContain(secret);
});
