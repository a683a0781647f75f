import { typed } from '../store/line';
import { ADMIN_TOKEN, startHttpApp, type HttpApp } from '../support/httpApp';
import { openTenant, type Tenant } from '../support/tenants';
import { SHARED_SECRET } from '../support/userContexts';

let http: HttpApp;
let tenant: Tenant;
let neighbour: Tenant;
beforeAll(async () => {
  http = await startHttpApp({ env: { GHL_SHARED_SECRET: SHARED_SECRET } });
  tenant = await openTenant(http, 'tenant', 'INSTANCE-1');
  neighbour = await openTenant(http, 'neighbour', 'INSTANCE-2');
});
afterAll(() => http.close());

async function patch(path: string, body: unknown) {
  const answer = await fetch(`${http.admin}/admin/v1/${path}`, {
    method: 'PATCH',
    body: JSON.stringify(body),
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  return { status: answer.status, json: (await answer.json()) as object };
}

const LEVELS = ['connection', 'location'] as const;
const pathOf = (level: (typeof LEVELS)[number], of = tenant): string =>
  level === 'connection' ? `connections/${of.connectionId}` : `locations/${of.scope.locationId}`;

/** A message that waits for a gap of an hour behind the one that was sent. */
async function waiting(of: Tenant): Promise<string> {
  const { messages } = http.app.store;
  const { messageId } = await messages.acceptOutbound(of.scope, typed({ to: `waits-${Math.random()}` }));
  await messages.claimPart(of.scope, messageId);
  return messageId;
}

describe.each(LEVELS)('settings of a %s', (level) => {
  test('are set, kept beside each other, taken back, and audited by their names', async () => {
    const first = { paceTextMs: '100-200', capDaily: 7, quietHours: '', holdMaxBulkMs: 1_000, atLeastOnce: true };
    expect(await patch(pathOf(level), first)).toEqual({ status: 200, json: { settings: first } });
    const { json } = await patch(pathOf(level), { capDaily: null, receipts: 'full', quietHours: ' 22:00-07:00 ' });
    const { capDaily: _, ...rest } = first;
    expect(json).toEqual({ settings: { ...rest, receipts: 'full', quietHours: '22:00-07:00' } });
    const none = Object.fromEntries(Object.keys({ ...first, receipts: 0 }).map((name) => [name, null]));
    expect((await patch(pathOf(level), none)).json).toEqual({ settings: {} });
    const audited = await http.db
      .knex('audit_log')
      .where({ action: `${level}.settings` })
      .orderBy('id');
    expect(audited.map(({ detail }) => (JSON.parse(detail as string) as { changed: string }).changed)).toEqual([
      'atLeastOnce capDaily holdMaxBulkMs paceTextMs quietHours',
      'capDaily quietHours receipts',
      'atLeastOnce capDaily holdMaxBulkMs paceTextMs quietHours receipts',
    ]);
  });

  test.each([
    ['an unknown name', { capWeekly: 1 }, 'capWeekly'],
    ['a name of the environment alone', { retryDeadlineMs: 1 }, 'retryDeadlineMs'],
    ['a pace the wrong way round', { paceGroupMs: '2-1' }, 'paceGroupMs'],
    ['a cap of nothing', { capHourly: 0 }, 'capHourly'],
    ['half of quiet hours', { quietHours: '22:00' }, 'quietHours'],
    ['a hold that is no number', { holdMaxReplyMs: '1000' }, 'holdMaxReplyMs'],
    ['a mode that is none', { receipts: 'some' }, 'receipts'],
    ['nothing that is JSON of an object', [], ''],
  ])('%s: 422, named, nothing changed and nobody woken', async (_what, body, path) => {
    const woken = http.woken.length;
    const answer = await patch(pathOf(level), body);
    expect(answer).toMatchObject({ status: 422, json: { code: 'invalid_input', errors: [{ path }] } });
    expect((await patch(pathOf(level), {})).json).toEqual({ settings: {} });
    expect(http.woken).toHaveLength(woken);
  });

  test('let what waits follow at once: its head is woken, and nobody of another location', async () => {
    for (const one of [tenant, neighbour]) await patch(pathOf(level, one), { paceTextMs: '3600000-3600000' });
    const [mine] = [await waiting(tenant), await waiting(neighbour)];
    http.woken.length = 0;
    await patch(pathOf(level), { paceTextMs: '0-0' });
    expect(http.woken.map(({ messageId }) => messageId)).toEqual([mine]);
    const granted = await http.app.store.messages.claimPart(tenant.scope, mine);
    if (granted.kind !== 'granted') throw new Error(`It waits still: ${JSON.stringify(granted)}`);
    await http.app.store.messages.recordOutcome(granted.claim, { kind: 'accepted', gatewayId: `SENT-${level}` }, 0);
    for (const one of [tenant, neighbour]) await patch(pathOf(level, one), { paceTextMs: null });
  });
});
