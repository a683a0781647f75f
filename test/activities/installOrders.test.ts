import fc from 'fast-check';
import { signedByGhl, startHttpApp, type HttpApp } from '../support/httpApp';
import { ordersOf, standingAfter, STEPS, type Step } from '../support/orders';

const KEY = 'the-bridge-key';
/** As which the played gateway is logged in. */
const NUMBER = '+60111222333';
const COMPANY = 'company-1';

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({
    env: { ENDPOINT_SECRET: KEY },
    ghl: {
      // The code names the location: in the place of what GHL knows.
      exchangeCode: ({ code }) => {
        const tokens = { accessToken: `access-${code}`, refreshToken: `refresh-${code}`, expiresInS: 86_399 };
        return Promise.resolve({ ...tokens, scope: '', userType: 'Location', locationId: code, companyId: COMPANY });
      },
      getLocation: () => Promise.resolve({ name: 'A shop', country: 'MY', timezone: 'Asia/Kuala_Lumpur' }),
    },
  });
});
afterAll(() => http.close());

let last = 0;
/** GHL's time of an event: never the same twice. */
const moment = (): string => {
  last = Math.max(Date.now(), last + 1);
  return new Date(last).toISOString();
};

async function event(type: string, locationId: string): Promise<number> {
  const ids = { appId: 'sandboxapp', locationId, companyId: COMPANY };
  const body = JSON.stringify({ type, ...ids, timestamp: moment(), webhookId: `${type}-${locationId}-${last}` });
  const headers = { 'x-ghl-signature': signedByGhl(body) };
  return (await fetch(`${http.ingress}/ghl/webhooks`, { method: 'POST', body, headers })).status;
}

async function externalAuth(locationId: string): Promise<number> {
  const typed = { access_token: 'gateway-token', instance_id: `of-${locationId}`, whatsapp_number: NUMBER };
  const body = JSON.stringify({ ...typed, companyId: COMPANY, locationId: [locationId] });
  const headers = { 'x-bridge-key': KEY, 'content-type': 'application/json' };
  const { status } = await fetch(`${http.ingress}/ghl/external-auth`, { method: 'POST', body, headers });
  await event('EXTERNAL_AUTH_CONNECTED', locationId);
  return status;
}

async function happen(step: Step, locationId: string): Promise<number> {
  switch (step) {
    case 'callback':
      return (await fetch(`${http.ingress}/oauth/callback?code=${locationId}`)).status;
    case 'EXTERNAL_AUTH':
      return await externalAuth(locationId);
    case 'INSTALL':
    case 'UNINSTALL':
      return await event(step, locationId);
  }
}

let made = 0;

/** Lets the steps happen to a new location, and holds it against what should have become of it. */
async function expectStanding(steps: readonly Step[]): Promise<void> {
  made += 1;
  const locationId = `location-${made}`;
  for (const step of steps) expect([step, await happen(step, locationId)]).toEqual([step, 200]);
  const { store } = http.app;
  const count = async (table: string) => (await http.db.knex(table).where({ location_id: locationId })).length;
  const expected = standingAfter(steps);
  expect({
    state: (await store.installations.get(locationId))?.state,
    tokens: (await store.tokens.read(locationId)) !== null,
    waiting: await count('external_auth_waiting'),
    connections: await count('connections'),
  }).toEqual({
    state: expected.state,
    tokens: expected.state === 'installed',
    waiting: expected.kept ? 1 : 0,
    connections: expected.connected ? 1 : 0,
  });
}

test.each(ordersOf(STEPS).map((steps) => [steps.join(', '), steps] as const))('%s', async (_name, steps) => {
  await expectStanding(steps);
});

test('and in any order, as often as it comes', async () => {
  const stories = fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 9 });
  await fc.assert(fc.asyncProperty(stories, expectStanding), { numRuns: 25 });
});
