import { ADMIN_TOKEN, startHttpApp, type HttpApp } from '../support/httpApp';
import { openTenant, type Tenant } from '../support/tenants';
import { SHARED_SECRET } from '../support/userContexts';

let http: HttpApp;
let tenant: Tenant;
beforeAll(async () => {
  http = await startHttpApp({ env: { GHL_SHARED_SECRET: SHARED_SECRET } });
  tenant = await openTenant(http, 'tenant', 'INSTANCE-1');
});
afterAll(() => http.close());

async function patch(body: unknown, locationId = tenant.scope.locationId) {
  const answer = await fetch(`${http.admin}/admin/v1/locations/${locationId}`, {
    method: 'PATCH',
    body: JSON.stringify(body),
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  return { status: answer.status, json: (await answer.json()) as object };
}

test('settings of a location are set, kept beside each other, taken back, and audited', async () => {
  const first = await patch({ stopWords: ['tak nak'], stopConfirmation: ' Selesai. ' });
  expect(first).toEqual({ status: 200, json: { settings: { stopWords: ['tak nak'], stopConfirmation: 'Selesai.' } } });
  expect((await patch({ startWords: [] })).json).toMatchObject({
    settings: { stopWords: ['tak nak'], startWords: [] },
  });
  expect((await patch({ stopWords: null })).json).toEqual({
    settings: { stopConfirmation: 'Selesai.', startWords: [] },
  });
  const lines = await http.db.knex('audit_log').where({ action: 'location.settings' }).orderBy('id');
  expect(lines.map(({ detail }) => JSON.parse(detail as string) as object)).toEqual([
    { changed: 'stopConfirmation stopWords' },
    { changed: 'startWords' },
    { changed: 'stopWords' },
  ]);
});

test.each([
  ['an unknown name', { stopWord: ['x'] }, 'stopWord'],
  ['one that nobody reads for a location', { groups: true }, 'groups'],
  ['no list', { stopWords: 'stop' }, 'stopWords'],
  ['a word without a letter', { stopWords: ['ok', '!!!'] }, 'stopWords.1'],
  ['too long a word', { startWords: ['x'.repeat(65)] }, 'startWords.0'],
  ['too long a text', { stopConfirmation: 'x'.repeat(1_001) }, 'stopConfirmation'],
])('%s: 422, named, nothing changed', async (_what, body, path) => {
  const before = await http.db.knex('locations').where({ location_id: tenant.scope.locationId }).first();
  expect(await patch(body)).toMatchObject({ status: 422, json: { code: 'invalid_input', errors: [{ path }] } });
  expect(await http.db.knex('locations').where({ location_id: tenant.scope.locationId }).first()).toEqual(before);
});

test('a location that nobody knows: 404, and it is not made', async () => {
  expect(await patch({ stopWords: [] }, 'nobody')).toMatchObject({ status: 404, json: { code: 'not_found' } });
  expect(await http.db.knex('locations').where({ location_id: 'nobody' })).toEqual([]);
});
