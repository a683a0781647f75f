import { startSandboxGhl, type SandboxGhl } from '../../src/sandbox/ghl';
import { call, textAt, type Answered, type CallOptions } from '../support/sandboxCalls';

const PHONE = '+60123456789';
const PROVIDER = 'sbx-provider-sms';

let ghl: SandboxGhl;
let now: number;
let token: string;

beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00Z');
  ghl = await startSandboxGhl({ now: () => now, locations: [{ id: 'L1' }, { id: 'L2' }] });
  token = ghl.issueTokens('L1').accessToken;
});
afterEach(() => ghl.stop());

const api = (method: string, path: string, options: CallOptions = {}): Promise<Answered> =>
  call(method, `${ghl.url}${path}`, { token, ...options });
const inbound = (json: object) => api('POST', '/conversations/messages/inbound', { json });
const upsert = (json: object) => api('POST', '/contacts/upsert', { json: { locationId: 'L1', ...json } });

async function contactId(): Promise<string> {
  return textAt(await upsert({ phone: PHONE, name: 'Aisha' }), 'contact.id');
}

describe('inbound messages', () => {
  it('stores a message with its altId in the one conversation of the contact', async () => {
    const id = await contactId();
    const date = '2025-12-31T23:00:00.000Z';
    const answer = await inbound({
      type: 'SMS',
      contactId: id,
      conversationProviderId: PROVIDER,
      message: 'salam 👋',
      altId: 'WA1',
      direction: 'inbound',
      date,
    });
    expect(answer.json).toMatchObject({ success: true, contactId: id, dateAdded: date });
    const messageId = textAt(answer, 'messageId');
    expect(ghl.message(messageId)).toMatchObject({ altId: 'WA1', direction: 'inbound', body: 'salam 👋' });
    const second = await inbound({ type: 'SMS', conversationId: textAt(answer, 'conversationId'), message: 'b' });
    expect(textAt(second, 'conversationId')).toBe(textAt(answer, 'conversationId'));
    expect(ghl.messages('L1')).toHaveLength(2);
    expect(ghl.messages('L2')).toHaveLength(0);
  });

  it('offers no idempotency: the same altId twice is two messages', async () => {
    const id = await contactId();
    const json = { type: 'SMS', contactId: id, message: 'x', altId: 'WA1' };
    expect(textAt(await inbound(json), 'messageId')).not.toBe(textAt(await inbound(json), 'messageId'));
  });

  it('answers 201 without a body and stores nothing for Custom without a provider', async () => {
    const answer = await inbound({ type: 'Custom', contactId: await contactId(), message: 'x' });
    expect([answer.status, answer.text]).toEqual([201, '']);
    expect(ghl.messages()).toHaveLength(0);
  });

  it('refuses an unknown provider, contact, type, property, and a contact of another location', async () => {
    const id = await contactId();
    const wrong = await inbound({ type: 'SMS', contactId: id, conversationProviderId: 'mine' });
    expect([wrong.status, textAt(wrong, 'message')]).toEqual([400, 'Invalid conversationProviderId']);
    expect((await inbound({ type: 'SMS', contactId: 'nobody' })).status).toBe(400);
    expect((await inbound({ type: 'SMS' })).status).toBe(400);
    expect((await inbound({ type: 'Whatsapp', contactId: id })).status).toBe(422);
    const unknown = await inbound({ type: 'SMS', contactId: id, body: 'x', locationId: 'L1' });
    expect(unknown.json).toMatchObject({
      message: ['property body should not exist', 'property locationId should not exist'],
    });
    const other = ghl.addContact('L2', { phone: PHONE });
    expect((await inbound({ type: 'SMS', contactId: other.id, message: 'x' })).status).toBe(403);
    expect((await api('POST', '/conversations/messages/inbound', { headers: { 'content-type': 'x' } })).status).toBe(
      400,
    );
  });
});

describe('statuses', () => {
  const put = (id: string, json: object, options: CallOptions = {}) =>
    api('PUT', `/conversations/messages/${id}/status`, { json, ...options });
  const stored = async () =>
    textAt(
      await inbound({ type: 'SMS', contactId: await contactId(), conversationProviderId: PROVIDER, message: 'x' }),
      'messageId',
    );

  it('refuses with 403 until the message is written, then keeps the history', async () => {
    ghl.configure({ statusWindowMs: 5_000 });
    const id = await stored();
    now += 4_999;
    const early = await put(id, { status: 'delivered' });
    expect([early.status, textAt(early, 'message')]).toEqual([403, 'No conversation provider found for this message']);
    now += 1;
    expect((await put(id, { status: 'delivered' })).json).toMatchObject({ messageId: id, status: 'delivered' });
    const error = { code: '1', type: 'saas', message: 'no' };
    await put(id, { status: 'failed', error });
    expect(ghl.message(id)).toMatchObject({ status: 'failed', error });
    expect(ghl.message(id)?.statusHistory.map(({ status }) => status)).toEqual(['sent', 'delivered', 'failed']);
  });

  it('refuses what is no status, an incomplete error, an unknown message and another location', async () => {
    const id = await stored();
    expect((await put(id, { status: 'sent' })).text).toContain('must be one of the following values');
    expect((await put(id, { status: 'failed', error: { message: 'x' } })).status).toBe(422);
    expect((await put('unknown', { status: 'read' })).status).toBe(403);
    expect((await put(id, { status: 'read' }, { token: ghl.issueTokens('L2').accessToken })).status).toBe(403);
    expect(ghl.message(id)?.status).toBe('sent');
  });

  it('wakes who waits for one', async () => {
    const id = await stored();
    const read = ghl.waitFor(() => ghl.message(id)?.status === 'read');
    await put(id, { status: 'read' });
    await expect(read).resolves.toBe(true);
  });
});

describe('conversations', () => {
  it('creates one for each contact, and does not name the one that exists', async () => {
    const id = await contactId();
    const json = { locationId: 'L1', contactId: id };
    const created = await api('POST', '/conversations/', { json });
    expect(created.status).toBe(201);
    const again = await api('POST', '/conversations/', { json });
    expect(again.status).toBe(400);
    expect(again.text).not.toContain(textAt(created, 'conversation.id'));
  });

  it('finds them, after the lag of the search', async () => {
    ghl.configure({ searchLagMs: 1_000 });
    const id = await contactId();
    await inbound({ type: 'SMS', contactId: id, message: 'hello' });
    const search = () => api('GET', `/conversations/search?locationId=L1&contactId=${id}`);
    expect((await search()).json).toMatchObject({ conversations: [], total: 0 });
    now += 1_000;
    expect((await search()).json).toMatchObject({
      conversations: [{ contactId: id, phone: PHONE, lastMessageBody: 'hello', lastMessageType: 'TYPE_SMS' }],
      total: 1,
    });
    expect((await api('GET', '/conversations/search?locationId=L2')).status).toBe(403);
  });

  it('lists messages newest first, wrapped, in pages, with altId; a single one is wrapped too', async () => {
    const id = await contactId();
    const ids: string[] = [];
    let conversationId = '';
    for (const message of ['a', 'b', 'c']) {
      const answer = await inbound({ type: 'SMS', contactId: id, message, altId: `WA-${message}` });
      ids.push(textAt(answer, 'messageId'));
      conversationId = textAt(answer, 'conversationId');
    }
    const page = await api('GET', `/conversations/${conversationId}/messages?limit=2`);
    expect(page.json).toMatchObject({
      messages: { nextPage: true, lastMessageId: ids[1], messages: [{ altId: 'WA-c' }, { altId: 'WA-b' }] },
    });
    const rest = await api('GET', `/conversations/${conversationId}/messages?limit=2&lastMessageId=${ids[1] ?? ''}`);
    expect(rest.json).toMatchObject({ messages: { nextPage: false, messages: [{ body: 'a' }] } });
    ghl.configure({ listsAltId: false });
    expect((await api('GET', `/conversations/${conversationId}/messages`)).text).not.toContain('WA-');
    const one = await api('GET', `/conversations/messages/${ids[0] ?? ''}`);
    expect(one.json).toMatchObject({ message: { id: ids[0], direction: 'outbound', body: 'a' } });
    expect(one.text).not.toContain('WA-a');
  });
});
