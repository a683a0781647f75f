import { postDelivery, deliveryBody } from '../support/deliveryPost';
import { signedByGhl, startHttpApp, type HttpApp } from '../support/httpApp';
import { openTenant, type Tenant } from '../support/tenants';
import { SHARED_SECRET } from '../support/userContexts';

let http: HttpApp;
let tenant: Tenant;
let calls: string[];
beforeAll(async () => {
  calls = [];
  const noted = (name: string) => () => {
    calls.push(name);
    return Promise.reject(new Error(name));
  };
  http = await startHttpApp({ env: { GHL_SHARED_SECRET: SHARED_SECRET }, gateway: { send: noted('send') } });
  tenant = await openTenant(http, 'tenant', 'INSTANCE-1');
});
afterAll(() => http.close());

async function tell(type: string, more: object): Promise<number> {
  const body = JSON.stringify({ type, appId: 'sandboxapp', ...tenant.scope, ...more });
  const headers = { 'X-GHL-Signature': signedByGhl(body) };
  return (await fetch(`${http.ingress}/ghl/webhooks`, { method: 'POST', body, headers })).status;
}
const outbound = (messageId: string, more: object = {}) =>
  tell('OutboundMessage', {
    ...{ messageId, contactId: tenant.contactId, conversationId: 'conv-1', direction: 'outbound', messageType: 'SMS' },
    ...{ status: 'pending', source: 'app', conversationProviderId: 'provider-sms', body: 'a private text' },
    ...{ attachments: ['https://files.example/private.pdf'], dateAdded: '2026-03-01T10:00:00Z', ...more },
  });
const ledgerRows = async () => ({
  messages: await http.db.knex('messages').orderBy('id'),
  parts: await http.db.knex('message_parts').orderBy('id'),
  lanes: await http.db.knex('lanes').orderBy('id'),
});
const facts = async () => await http.db.knex('ghl_facts').orderBy('ghl_id');

test('events of our own and of foreign messages cause no send, no claim and no row in the ledger', async () => {
  await postDelivery(http, deliveryBody({ ...tenant.scope, messageId: 'OURS', contactId: tenant.contactId }));
  const before = await ledgerRows();
  const asked = { started: http.started.length, woken: http.woken.length };
  for (const source of ['app', 'api', 'workflow']) {
    for (const messageId of ['OURS', 'FOREIGN', tenant.messageKey]) {
      for (const direction of ['outbound', 'inbound'])
        expect(await outbound(messageId, { source, direction })).toBe(200);
      expect(await tell('InboundMessage', { messageId, direction: 'inbound', body: 'STOP' })).toBe(200);
    }
  }
  await http.applied();
  expect(await ledgerRows()).toEqual(before);
  expect({ started: http.started.length, woken: http.woken.length }).toEqual(asked);
  expect(calls).toEqual([]);
  expect(await http.db.knex('opt_outs')).toEqual([]);
});

test('what stands in GHL is noted once, without its text or files', async () => {
  await outbound('FACT-1');
  await outbound('FACT-1', { status: 'delivered' });
  await tell('ConversationUnreadUpdate', { id: 'CONV-1', contactId: 'c', unreadCount: 3, inbox: true });
  const rows = (await facts()).filter(({ ghl_id }) => ['FACT-1', 'CONV-1'].includes(ghl_id as string));
  expect(rows).toMatchObject([
    { ghl_id: 'CONV-1', kind: 'conversation', unread: 3 },
    { ghl_id: 'FACT-1', kind: 'message', direction: 'outbound', status: 'delivered', provider_id: 'provider-sms' },
  ]);
  expect(rows[1].at).toBe(Date.parse('2026-03-01T10:00:00Z'));
  const all = JSON.stringify(await facts()) + http.logs();
  for (const secret of ['a private text', 'private.pdf']) expect(all).not.toContain(secret);
});

test('an event of another app or location, or about nothing, is counted and leaves nothing', async () => {
  expect(await outbound('OTHER-APP', { appId: 'another' })).toBe(200);
  expect(await outbound('OTHER-LOCATION', { locationId: 'nobody' })).toBe(200);
  expect(await tell('OutboundMessage', { messageType: 'CALL' })).toBe(200);
  expect(await outbound('NO-APP', { appId: undefined, unreadCount: 'many' })).toBe(200);
  const ids = (await facts()).map(({ ghl_id }) => ghl_id as string);
  expect(ids.filter((id) => /^(OTHER|NO)-/.test(id))).toEqual(['NO-APP']);
  const metrics = await http.app.metrics.render();
  for (const outcome of ['other_app', 'other_location', 'no_subject'])
    expect(metrics).toContain(`bridge_app_events_total{type="OutboundMessage",outcome="${outcome}"} 1`);
});

test('what could not be noted is answered 429, so that GHL posts it again', async () => {
  jest.spyOn(http.app.store.ghlFacts, 'note').mockRejectedValueOnce(new Error('the disk is full'));
  expect(await outbound('AGAIN')).toBe(429);
});
