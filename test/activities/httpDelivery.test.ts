import { deliveryBody, postDelivery, PRIVATE } from '../support/deliveryPost';
import { startHttpApp, type HttpApp } from '../support/httpApp';

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp();
});
afterAll(() => http.close());

const find = async (body: Record<string, unknown>) =>
  await http.app.store.messages.findByKey({ locationId: String(body['locationId']) }, String(body['messageId']));

/** Posts a message and returns its row. */
async function accept(own: Record<string, unknown>, secret?: string) {
  const body = deliveryBody(own);
  const answer = await postDelivery(http, body, secret === undefined ? {} : { secret });
  expect([answer.status, await answer.json()]).toEqual([200, { accepted: true }]);
  const found = await find(body);
  return found!.message;
}

describe('POST /ghl/delivery/:secret', () => {
  test('stores the message before it answers, and has its workflow started', async () => {
    const body = deliveryBody({ userId: 'user1', replyToAltId: 'WAID1', somethingNew: { deep: [1] } });
    const answer = await postDelivery(http, body);
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    const { message, parts } = (await find(body))!;
    expect(message).toMatchObject({
      source: 'ghl',
      source_key: body['messageId'],
      message_key: body['messageId'],
      ghl_message_id: body['messageId'],
      provider_id: 'provider-sms',
      channel: 'whatsapp',
      contact_id: body['contactId'],
      user_id: 'user1',
      state: 'accepted',
    });
    expect(parts.map((part) => part.state)).toEqual(['unsent']);
    expect(http.started.filter(({ messageId }) => messageId === message.id)).toHaveLength(1);
  });

  test.each([
    ['sms-secret-2', 'provider-sms'],
    ['custom-secret', 'provider-custom'],
  ])('takes the provider from the secret: %s', async (secret, provider) => {
    expect(await accept({ type: 'Custom' }, secret)).toMatchObject({ provider_id: provider, state: 'accepted' });
  });

  test('the same post again changes nothing and starts nothing', async () => {
    const body = deliveryBody();
    await postDelivery(http, body);
    const started = http.started.length;
    const again = await postDelivery(http, { ...body, message: 'another text' });
    expect([again.status, await again.json()]).toEqual([200, { accepted: true }]);
    expect(await http.db.knex('messages').where({ message_key: body['messageId'] })).toHaveLength(1);
    expect(http.started).toHaveLength(started);
  });

  test('fifty of the same post at once are one message', async () => {
    const body = deliveryBody();
    const answers = await Promise.all(Array.from({ length: 50 }, () => postDelivery(http, body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await http.db.knex('messages').where({ message_key: body['messageId'] })).toHaveLength(1);
    expect(http.started.filter(({ workflowId }) => workflowId.endsWith(`:${String(body['messageId'])}`))).toHaveLength(
      1,
    );
  });

  test('a messageId of another location is another message', async () => {
    const body = deliveryBody();
    await postDelivery(http, body);
    await postDelivery(http, { ...body, locationId: 'loc2' });
    expect(await http.db.knex('messages').where({ message_key: body['messageId'] })).toHaveLength(2);
  });

  test('reads a number without country code in the location’s country, else in DEFAULT_REGION', async () => {
    await http.app.store.locations.describe({ locationId: 'locSG' }, { country: 'sg', timezone: null });
    const local = { phone: '8123 4567', message: 'hi' };
    const inSingapore = await accept({ ...local, locationId: 'locSG' });
    const written = await accept({ phone: '+6581234567' });
    expect(inSingapore.address_key).toBe(written.address_key);
    expect(await accept({ ...local, phone: '012-345 6789' })).toMatchObject({ state: 'accepted' });
  });

  test.each([
    ['an unknown type', { type: 'Carrier Pigeon' }, 'unknown_type'],
    ['an e-mail to an SMS provider', { type: 'Email', emailTo: ['a@example.com'] }, 'unknown_type'],
    ['no text', { message: null }, 'nothing_to_send'],
    ['white space', { message: ' \n ' }, 'nothing_to_send'],
    ['too many files', { attachments: Array.from({ length: 31 }, () => PRIVATE.file) }, 'too_many_files'],
    ['an impossible number', { phone: '+60 1' }, 'phone_impossible'],
    ['words for a number', { phone: 'call me' }, 'phone_malformed'],
    ['an extra provider without number', { type: 'Custom', phone: null }, 'phone_missing'],
  ])('takes what can never be sent and fails it with its reason: %s', async (_case, own, reason) => {
    const message = await accept(own);
    expect(message).toMatchObject({ state: 'failed', reason, open: 0 });
    expect(message.tell_due_at).not.toBeNull();
    expect(http.started.map(({ messageId }) => messageId)).toContain(message.id);
  });

  test.each([
    ['files alone', { message: '', attachments: [PRIVATE.file] }],
    ['text with files', { attachments: [PRIVATE.file] }],
  ])('takes %s, to be fetched before they are sent', async (_case, own) => {
    expect(await accept(own)).toMatchObject({ state: 'accepted', open: 1, files: 1, prepared: 0 });
  });

  test('tolerates null and empty optional fields, and an empty list of files', async () => {
    const own = { userId: '', attachments: [], emailTo: null, html: null, subject: null, replyToAltId: null };
    expect(await accept(own)).toMatchObject({ state: 'accepted', user_id: null });
  });

  test('an e-mail provider takes e-mails, which are not sent yet', async () => {
    const mail = { type: 'Email', phone: null, emailTo: 'a@example.com', html: '<p>hi</p>', subject: 'hi' };
    expect(await accept(mail, 'email-secret')).toMatchObject({ channel: 'email', reason: 'unknown_type' });
  });

  test('a post for a location whose install is known, without any number, fails at once', async () => {
    const scope = { locationId: 'locInstalled' };
    const grant = { accessToken: 'a', refreshToken: 'r', expiresInS: 86_399, scope: '' };
    await http.app.store.installations.install(scope, { companyId: null, grant });
    expect(await accept(scope)).toMatchObject({ state: 'failed', reason: 'no_connection' });
  });

  test('says 429 when nothing could be stored, and nothing is started', async () => {
    const { messages } = http.app.store;
    const original = messages.acceptOutbound;
    messages.acceptOutbound = () => Promise.reject(new Error(`disk full near ${PRIVATE.phone}`));
    const started = http.started.length;
    const answer = await postDelivery(http, deliveryBody());
    messages.acceptOutbound = original;
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ code: 'not_stored', status: 429 });
    expect(http.started).toHaveLength(started);
    expect(http.logs()).toContain('not_stored');
  });

  test('counts acceptances and times them by route pattern', async () => {
    await accept({});
    const metrics = await http.app.metrics.render();
    expect(metrics).toMatch(/bridge_messages_total\{channel="whatsapp",direction="outbound",event="accepted"\} \d+/);
    expect(metrics).toContain('bridge_ack_duration_seconds_count{route="/ghl/delivery/:secret"}');
  });

  test('no number, text, file or secret stands in any log line', () => {
    for (const value of [...Object.values(PRIVATE), '60123456789', 'sms-secret-1', 'call me', '81234567']) {
      expect(http.logs()).not.toContain(value);
    }
  });
});
