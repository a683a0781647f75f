import { createAdmin } from '../../src/http/admin';
import { createIngress } from '../../src/http/ingress';
import type { ApplyLine } from '../../src/commands/applyLine';
import { allBut } from '../store/tenancyVictim';
import { postDelivery, deliveryBody } from '../support/deliveryPost';
import { receipt, upserts, upsert, INSTANCE } from '../support/gatewayPosts';
import { ADMIN_TOKEN, signedByGhl, startHttpApp, type HttpApp } from '../support/httpApp';
import { routesOf } from '../support/routesOf';
import { openTenant, type Tenant } from '../support/tenants';
import { contextOf, payloadOf, SHARED_SECRET } from '../support/userContexts';

let http: HttpApp;
let victim: Tenant;
let stranger: Tenant;

beforeAll(async () => {
  http = await startHttpApp({
    env: {
      GHL_SHARED_SECRET: SHARED_SECRET,
      ENDPOINT_SECRET: 'endpoint-key',
      WAAPIFY_BASE_URL: 'https://gateway-of-location-of-victim.example.com/api',
    },
    ghl: {
      exchangeCode: () => Promise.resolve({ ...GRANT, locationId: stranger.scope.locationId }),
      getLocation: () => Promise.resolve({ name: 'Stranger', country: 'MY', timezone: 'Asia/Kuala_Lumpur' }),
    },
  });
  victim = await openTenant(http, 'victim', 'INSTANCE-OF-VICTIM');
});
afterAll(() => http.close());

let strangers = 0;
beforeEach(async () => {
  strangers += 1;
  stranger = await openTenant(http, `stranger${strangers}`, `INSTANCE-${strangers}`);
});

const GRANT = { accessToken: 'a', refreshToken: 'r', expiresInS: 86_399, scope: '', userType: 'Location' } as const;

const send = (url: string, method: string, body?: unknown, bearer?: string): Promise<Response> =>
  fetch(url, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` },
  });
const ingress = (method: string, path: string, body?: unknown, bearer?: string) =>
  send(`${http.ingress}${path}`, method, body, bearer);
const admin = (method: string, path: string, body?: unknown) => send(`${http.admin}${path}`, method, body, ADMIN_TOKEN);

/** A route as another tenant uses it: what is its own, with the victim's ids. */
type Case = { call: () => Promise<Response>; status: number };

const INGRESS: Record<string, Case> = {
  'POST /ghl/delivery/:secret': {
    call: () => {
      const { messageKey: messageId, contactId } = victim;
      return postDelivery(http, deliveryBody({ ...stranger.scope, messageId, contactId }));
    },
    status: 200,
  },
  'POST /waapify/webhooks/:secret': {
    call: async () => {
      const path = `/waapify/webhooks/${stranger.secret}`;
      const echo = upserts(upsert(victim.gatewayId, 'Hello', { fromMe: true }));
      for (const post of [receipt(victim.gatewayId, 4), echo]) {
        await ingress('POST', path, post.replace(INSTANCE, victim.instanceId));
        await ingress('POST', path, post.replace(INSTANCE, stranger.instanceId));
      }
      return await ingress('POST', path, receipt(victim.gatewayId, 0).replace(INSTANCE, stranger.instanceId));
    },
    status: 200,
  },
  'POST /ghl/webhooks': {
    call: () => {
      const ids = { appId: 'sandboxapp', ...stranger.scope, companyId: victim.companyId };
      const body = JSON.stringify({ type: 'UNINSTALL', ...ids, timestamp: new Date().toISOString() });
      const headers = { 'X-GHL-Signature': signedByGhl(body) };
      return fetch(`${http.ingress}/ghl/webhooks`, { method: 'POST', body, headers });
    },
    status: 200,
  },
  'POST /ghl/external-auth': {
    call: () => {
      const fields = { access_token: 'token', instance_id: victim.instanceId, whatsapp_number: '+60111222333' };
      const body = JSON.stringify({ ...fields, locationId: [stranger.scope.locationId], companyId: victim.companyId });
      const headers = { 'X-Bridge-Key': 'endpoint-key', 'Content-Type': 'application/json' };
      return fetch(`${http.ingress}/ghl/external-auth`, { method: 'POST', body, headers });
    },
    status: 409,
  },
  'GET /media/:token/:name': {
    call: async () => {
      const address = new URL(http.app.media.addressOf(stranger.scope, stranger.mediaId, 'Price list.pdf'));
      // The file itself lies nowhere, so what counts is that its row is not looked for.
      const looked = jest.spyOn(http.app.store.media, 'findSigned');
      const answer = await ingress('GET', address.pathname.replace(stranger.mediaId, victim.mediaId));
      const looks = looked.mock.calls;
      looked.mockRestore();
      expect(looks).toEqual([]);
      return answer;
    },
    status: 404,
  },
  'GET /oauth/callback': {
    call: () =>
      ingress('GET', `/oauth/callback?code=x&locationId=${victim.scope.locationId}&companyId=${victim.companyId}`),
    status: 200,
  },
  'POST /api/v1/session': {
    call: () => {
      const context = contextOf({ companyId: stranger.companyId, activeLocation: victim.scope.locationId });
      return ingress('POST', '/api/v1/session', { payload: payloadOf(context) });
    },
    status: 401,
  },
  'GET /api/v1/session': {
    call: () => ingress('GET', `/api/v1/session?location=${victim.scope.locationId}`, undefined, stranger.token),
    status: 200,
  },
};

/** Where the operator names a location, a mistaken one finds nothing of another. */
const ADMIN: Record<string, Case> = {
  'POST /admin/v1/connections': {
    call: () => {
      const baseUrl = `https://gateway-of-${victim.scope.locationId}.example.com/api`;
      return admin('POST', '/admin/v1/connections', {
        ...{ ...stranger.scope, instanceId: victim.instanceId, token: 'token', baseUrl },
      });
    },
    status: 409,
  },
  'GET /admin/v1/messages/:locationId/:messageKey': {
    call: () => admin('GET', `/admin/v1/messages/location-of-nobody/${victim.messageKey}`),
    status: 404,
  },
  'POST /admin/v1/messages/:locationId/:messageKey/cancel': {
    call: () => admin('POST', `/admin/v1/messages/location-of-nobody/${victim.messageKey}/cancel`),
    status: 404,
  },
  'POST /admin/v1/messages/:locationId/:messageKey/resend': {
    call: () => admin('POST', `/admin/v1/messages/location-of-nobody/${victim.messageKey}/resend`),
    status: 404,
  },
  'POST /admin/v1/messages/:locationId/:messageKey/move': {
    call: () => {
      const path = `/admin/v1/messages/location-of-nobody/${victim.messageKey}/move`;
      return admin('POST', path, { connectionId: victim.connectionId });
    },
    status: 404,
  },
  ...Object.fromEntries(
    ['', '/contacts/:contactId'].flatMap((rest) => [
      [`POST /admin/v1/locations/:locationId${rest}/erase`, data('POST', `${rest}/erase`)],
      [`GET /admin/v1/locations/:locationId${rest}/export`, data('GET', `${rest}/export`)],
    ]),
  ),
};

function data(method: string, rest: string): Case {
  const path = () => `/admin/v1/locations/${stranger.scope.locationId}${rest.replace(':contactId', victim.contactId)}`;
  return { call: () => admin(method, path()), status: 200 };
}

/** Routes that have nothing to do with one tenant, each with the reason. */
const OTHERS: Record<string, string> = {
  'GET /oauth/install': 'a browser that has not chosen a location yet',
  'GET /healthz': 'about the process',
  'GET /readyz': 'about the process',
  'GET /metrics': 'counts, without a tenant',
  'GET /admin/v1/installations': "the operator's view of all",
  'GET /admin/v1/connections': "the operator's view of all",
  'PATCH /admin/v1/connections/:id': 'the operator names a number, whosever it is',
  'PATCH /admin/v1/locations/:id': 'the operator names a location, whichever it is',
  'GET /admin/v1/outages': "the operator's view of all",
  'GET /admin/v1/connections/:id/qr': 'the operator names a number, whosever it is',
  'POST /admin/v1/connections/:id/reconnect': 'the operator names a number, whosever it is',
  'POST /admin/v1/connections/:id/pause': 'the operator names a number, whosever it is',
  'POST /admin/v1/connections/:id/resume': 'the operator names a number, whosever it is',
  'POST /admin/v1/connections/:id/webhook/rotate': 'the operator names a number, whosever it is',
  'GET /admin/v1/contacts/:contactId': "the operator's view of all",
  'POST /admin/v1/installations/reconcile': 'the operator names an installation, whosever it is',
  'POST /admin/v1/tokens/:resourceId/refresh': 'the operator names an installation, whosever it is',
  'POST /admin/v1/keys/rotate': 'about the store as a whole',
  'GET /admin/v1/temporal/check': 'about Temporal',
};

const adminRoutes = () => {
  const probes = { readiness: () => Promise.reject(new Error()), temporalCheck: () => Promise.reject(new Error()) };
  return routesOf(createAdmin(http.app, probes));
};

test('every route was tried, or says why it is about no one tenant', () => {
  const routes = [...routesOf(createIngress(http.app, {} as ApplyLine)), ...adminRoutes()];
  expect(routes.sort()).toEqual([...Object.keys(INGRESS), ...Object.keys(ADMIN), ...Object.keys(OTHERS)].sort());
});

test.each(Object.entries({ ...INGRESS, ...ADMIN }))(
  "with another tenant's ids finds and changes nothing: %s",
  async (_route, { call, status }) => {
    const ledger = { db: http.db, kind: 'sqlite' as const };
    const before = await allBut(ledger, stranger.scope);
    const answer = await call();
    await http.applied();
    expect(answer.status).toBe(status);
    const said = await answer.text();
    const known = [victim.scope.locationId, victim.connectionId, victim.messageId, victim.mediaId, victim.secret];
    expect(known.filter((one) => said.includes(one))).toEqual([]);
    expect(await allBut(ledger, stranger.scope)).toEqual(before);
  },
);

test("a session of a tenant opens nothing of the operator's", async () => {
  const guarded = adminRoutes().filter((route) => !['GET /healthz', 'GET /readyz'].includes(route));
  for (const route of guarded) {
    const [method = '', path = ''] = route.split(' ');
    const answer = await send(`${http.admin}${path}`, method, undefined, victim.token);
    expect([route, answer.status]).toEqual([route, 401]);
  }
});
