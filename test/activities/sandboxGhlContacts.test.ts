import { startSandboxGhl, type SandboxGhl } from '../../src/sandbox/ghl';
import { call, textAt, type Answered, type CallOptions } from '../support/sandboxCalls';

const PHONE = '+60123456789';

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
const upsert = (json: object) => api('POST', '/contacts/upsert', { json: { locationId: 'L1', ...json } });

async function contactId(): Promise<string> {
  return textAt(await upsert({ phone: PHONE, name: 'Aisha' }), 'contact.id');
}

describe('contacts', () => {
  it('creates by upsert, then finds by phone however it is spelt, and replaces tags', async () => {
    const first = await upsert({ phone: '+60 12-345 6789', name: 'Aisha', tags: ['vip', 'old'] });
    expect(first.json).toMatchObject({ new: true, contact: { phone: PHONE, tags: ['vip', 'old'] } });
    const second = await upsert({ phone: PHONE, tags: ['new'] });
    expect(second.json).toMatchObject({ new: false, contact: { name: 'Aisha', tags: ['new'] } });
    expect(textAt(second, 'contact.id')).toBe(textAt(first, 'contact.id'));
    expect(ghl.contacts('L1')).toHaveLength(1);
  });

  it('follows a changed phone, and forgets a deleted contact', async () => {
    const id = await contactId();
    await api('PUT', `/contacts/${id}`, { json: { phone: '+6511112222' } });
    expect((await upsert({ phone: PHONE })).json).toMatchObject({ new: true });
    expect(textAt(await upsert({ phone: '+6511112222' }), 'contact.id')).toBe(id);
    ghl.deleteContact(id);
    expect((await api('GET', `/contacts/${id}`)).status).toBe(400);
    expect((await upsert({ phone: '+6511112222' })).json).toMatchObject({ new: true });
  });

  it('refuses a duplicate on create and names it', async () => {
    const id = await contactId();
    const answer = await api('POST', '/contacts/', { json: { locationId: 'L1', phone: PHONE } });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ meta: { contactId: id, matchingField: 'phone' } });
    const other = await api('POST', '/contacts/', { json: { locationId: 'L1', email: 'A@b.co' } });
    expect(other.json).toMatchObject({ contact: { email: 'a@b.co' } });
    expect(other.status).toBe(201);
  });

  it('searches for duplicates, with the plus encoded only', async () => {
    const id = await contactId();
    const search = (number: string) => api('GET', `/contacts/search/duplicate?locationId=L1&number=${number}`);
    expect(textAt(await search(encodeURIComponent(PHONE)), 'contact.id')).toBe(id);
    expect((await search(PHONE)).json).toMatchObject({ contact: null });
  });

  it('reads and changes one, with the name of the property as GHL spells it', async () => {
    const id = await contactId();
    const changed = await api('PUT', `/contacts/${id}`, { json: { firstName: 'Siti' } });
    expect(changed.json).toMatchObject({ succeded: true, contact: { firstName: 'Siti', name: 'Aisha' } });
    expect((await api('GET', `/contacts/${id}`)).json).toMatchObject({ contact: { id, phone: PHONE } });
  });

  it('refuses unknown properties, wrong types and other locations', async () => {
    const strange = await upsert({ phone: PHONE, additionalPhones: [], customFields: [{ id: 'x', fieldValue: 1 }] });
    expect(strange.status).toBe(422);
    expect(strange.json).toMatchObject({
      message: expect.arrayContaining([
        'property additionalPhones should not exist',
        'property customFields.0.fieldValue should not exist',
      ]) as string[],
    });
    expect((await upsert({ phone: 60123 })).text).toContain('phone must be a string');
    expect((await upsert({})).status).toBe(400);
    expect((await upsert({ locationId: 'L2', phone: PHONE })).status).toBe(403);
    const id = await contactId();
    expect((await api('GET', `/contacts/${id}`, { token: ghl.issueTokens('L2').accessToken })).status).toBe(403);
  });
});

describe('limits', () => {
  it('puts its headers on every answer and refuses over the limit, for that location alone', async () => {
    ghl.configure({ rateLimit: { max: 2, intervalMs: 10_000 } });
    const get = (accessToken = token) => api('GET', '/locations/L1', { token: accessToken });
    expect((await get()).headers.get('x-ratelimit-remaining')).toBe('1');
    await get();
    const refused = await get();
    expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([429, '0']);
    expect((await get(ghl.issueTokens('L2').accessToken)).status).toBe(403);
    now += 10_000;
    expect((await get()).status).toBe(200);
    expect((await api('GET', '/nowhere')).headers.get('x-ratelimit-max')).toBe('2');
  });

  it('counts the day apart, and lets all through when switched off', async () => {
    ghl.configure({ rateLimit: { daily: 1 } });
    await api('GET', '/locations/L1');
    const refused = await api('GET', '/locations/L1');
    expect([refused.status, refused.headers.get('x-ratelimit-daily-remaining')]).toEqual([429, '0']);
    ghl.configure({ rateLimit: { enforce: false } });
    expect((await api('GET', '/locations/L1')).status).toBe(200);
  });

  it('gives every answer a traceId, which the journal has too', async () => {
    const answer = await api('GET', '/locations/L1');
    expect(ghl.journal.entries.at(-1)).toMatchObject({
      operation: 'location',
      status: 200,
      locationId: 'L1',
      traceId: textAt(answer, 'traceId'),
    });
  });
});
