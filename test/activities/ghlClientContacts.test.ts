import { useGhl } from '../contract/scriptedGhl';
import { accessOf } from '../support/ghlAccess';

const ghl = useGhl();
const input = { locationId: 'loc1', phone: '+60123456789', name: 'Ann' };
const none = { status: 200, json: { contact: null } };
const known = { status: 200, json: { contact: { id: 'c1', name: 'Agent wrote this' } } };
const sent = (): [string, string][] => ghl.requests().map(({ method, url }) => [method, url]);

describe('upsertContact', () => {
  it('finds the contact by its phone, plus sign encoded, and writes nothing to it', async () => {
    ghl.answer(known);
    await expect(ghl.client.upsertContact(accessOf('tok'), input)).resolves.toEqual({ contactId: 'c1', isNew: false });
    expect(sent()).toEqual([['GET', '/contacts/search/duplicate?locationId=loc1&number=%2B60123456789']]);
  });

  it('makes a new one with its name, and with nothing that it was not asked for', async () => {
    ghl.answer(none, { status: 201, json: { contact: { id: 'c2' } } });
    const wider = { ...input, tags: ['x'] };
    await expect(ghl.client.upsertContact(accessOf('tok'), wider)).resolves.toEqual({ contactId: 'c2', isNew: true });
    expect(JSON.parse(ghl.requests()[1]?.body.toString() ?? '')).toEqual(input);
  });

  it.each([undefined, '', '  '])('sends no name for %p', async (name) => {
    ghl.answer(none, { status: 201, json: { contact: { id: 'c2' } } });
    await ghl.client.upsertContact(accessOf('tok'), { ...input, name });
    expect(JSON.parse(ghl.requests()[1]?.body.toString() ?? '')).not.toHaveProperty('name');
  });

  it('takes the contact that GHL names as the duplicate', async () => {
    const message = 'This location does not allow duplicated contacts.';
    ghl.answer(none, { status: 400, json: { statusCode: 400, message, meta: { contactId: 'c1' } } });
    await expect(ghl.client.upsertContact(accessOf('tok'), input)).resolves.toEqual({ contactId: 'c1', isNew: false });
  });

  it('looks again after a refusal, for GHL may have made the contact all the same', async () => {
    ghl.answer(none, { status: 422, json: { message: ['x'] } }, known);
    await expect(ghl.client.upsertContact(accessOf('tok'), input)).resolves.toEqual({ contactId: 'c1', isNew: true });
  });

  it('passes the refusal on when there is no contact even then', async () => {
    ghl.answer(none, { status: 422, json: { message: ['phone is not valid'] } }, none);
    await expect(ghl.client.upsertContact(accessOf('tok'), input)).rejects.toMatchObject({
      code: 'ghl_rejected',
      errors: [{ path: 'ghl', message: 'phone is not valid' }],
    });
  });

  it('does not look again after another kind of failure', async () => {
    ghl.answer(none, { status: 401 });
    await expect(ghl.client.upsertContact(accessOf('tok'), input)).rejects.toMatchObject({ code: 'ghl_unauthorized' });
    expect(ghl.requests()).toHaveLength(2);
  });

  it.each([
    ['a list', { status: 200, json: { contacts: [{ id: 'c1' }] } }, 'c1'],
    ['an empty list', { status: 200, json: { contacts: [] } }, 'c2'],
    ['an empty object', { status: 200, json: {} }, 'c2'],
    ['nothing at all', { status: 200 }, 'c2'],
    ['a 404', { status: 404, json: { message: 'not found' } }, 'c2'],
  ])('reads the search, whose answer is not documented: %s', async (_what, reply, contactId) => {
    ghl.answer(reply, { status: 201, json: { contact: { id: 'c2' } } });
    await expect(ghl.client.upsertContact(accessOf('tok'), input)).resolves.toMatchObject({ contactId });
  });

  it('makes no contact when the search failed', async () => {
    ghl.answer({ status: 500 });
    await expect(ghl.client.upsertContact(accessOf('tok'), input)).rejects.toMatchObject({ code: 'ghl_unavailable' });
    expect(ghl.requests()).toHaveLength(1);
  });
});

describe('getContact', () => {
  const read = (contact: object) => {
    ghl.answer({ status: 200, json: { contact: { id: 'c1', ...contact } } });
    return ghl.client.getContact(accessOf('tok'), 'c1');
  };

  it('gives what is there and null for the rest', async () => {
    const empty = { contactId: 'c1', locationId: null, name: null, phone: null, dnd: false, tags: [] };
    await expect(read({})).resolves.toEqual(empty);
    await expect(read({ firstName: 'Ann', lastName: 'Lee', phone: '+1', locationId: 'loc1' })).resolves.toEqual({
      ...empty,
      name: 'Ann Lee',
      phone: '+1',
      locationId: 'loc1',
    });
  });

  it.each([
    [{ dnd: true }, true],
    [{ dndSettings: { SMS: { status: 'active' } } }, true],
    [{ dndSettings: { SMS: { status: 'permanent' } } }, true],
    [{ dndSettings: { SMS: { status: 'inactive' } } }, false],
    [{ dndSettings: { Email: { status: 'active' } } }, false],
  ])('reads do-not-disturb from %j as %p', async (contact, dnd) => {
    await expect(read(contact)).resolves.toMatchObject({ dnd });
  });

  it('says that a contact is gone', async () => {
    ghl.answer({ status: 404 }, { status: 200, json: {} });
    await expect(ghl.client.getContact(accessOf('tok'), 'c1')).rejects.toMatchObject({ code: 'ghl_contact_gone' });
    await expect(ghl.client.getContact(accessOf('tok'), 'c1')).rejects.toMatchObject({ code: 'ghl_empty_answer' });
  });
});

describe('getLocation', () => {
  it('gives name, country and time zone, null where GHL has none', async () => {
    ghl.answer(
      { status: 200, json: { location: { name: 'Shop', country: 'MY', timezone: 'Asia/Kuala_Lumpur' } } },
      { status: 200, json: { location: { name: 'Shop', country: '', timezone: null } } },
      { status: 200, json: {} },
    );
    const shop = { name: 'Shop', country: 'MY', timezone: 'Asia/Kuala_Lumpur' };
    await expect(ghl.client.getLocation(accessOf('tok'), 'loc1')).resolves.toEqual(shop);
    await expect(ghl.client.getLocation(accessOf('tok'), 'loc1')).resolves.toEqual({
      name: 'Shop',
      country: null,
      timezone: null,
    });
    await expect(ghl.client.getLocation(accessOf('tok'), 'loc1')).rejects.toMatchObject({ code: 'ghl_empty_answer' });
    expect(ghl.requests()[0]).toMatchObject({ method: 'GET', url: '/locations/loc1' });
  });
});
