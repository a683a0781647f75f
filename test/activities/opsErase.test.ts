import type { MessageRow } from '../../src/store/rows';
import { deliveryBody, postDelivery, PRIVATE } from '../support/deliveryPost';
import { startHttpApp, type HttpApp } from '../support/httpApp';
import { opsLine, type OpsTold } from '../support/opsLine';

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp();
});
afterAll(() => http.close());

const ops = (line: string, told?: OpsTold) => opsLine(http, line, told);
const rowOf = async (messageKey: string): Promise<MessageRow> =>
  await http.db.knex('messages').where({ message_key: messageKey }).first();

async function delivered(own: Record<string, unknown>): Promise<void> {
  expect((await postDelivery(http, deliveryBody(own))).status).toBe(200);
}

test('asks before it erases, and does nothing without a yes', async () => {
  await delivered({ locationId: 'locAsk', messageId: 'ask1' });
  const { code, err } = await ops('erase --location locAsk', { answer: 'y' });
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(/of location locAsk\. It can not be undone[\s\S]*Nothing was/),
  ]);
  expect((await rowOf('ask1')).content_sealed).not.toBeNull();
  expect(await ops('erase --location locAsk', { answer: 'yes' })).toMatchObject({ code: 0 });
  expect((await rowOf('ask1')).content_sealed).toBeNull();
});

test('cancels what waits, erases, says how much, and writes it down', async () => {
  for (const messageId of ['all1', 'all2'])
    await delivered({ locationId: 'locAll', messageId, contactId: 'contactAll' });
  const wokenBefore = http.woken.length;
  const { code, out } = await ops('erase --location locAll --yes');
  expect(code).toBe(0);
  expect(out).toMatch(/^locAll: 2 waiting messages cancelled; erased: 2 messages, 0 files, 0 gateway posts,/);
  const row = await rowOf('all1');
  expect(row).toMatchObject({ state: 'cancelled', content_sealed: null, address_sealed: null, address_key: null });
  // GHL is told by the message's own run.
  expect(row.tell_due_at).not.toBeNull();
  expect(http.woken.slice(wokenBefore).map(({ messageId }) => messageId)).toContain(row.id);
  const audit = await http.db.knex('audit_log').where({ location_id: 'locAll', action: 'location.erase' }).first();
  expect(audit).toMatchObject({ actor: 'operator', subject: null });
  expect(JSON.parse(audit.detail)).toMatchObject({ cancelled: 2, messages: 2, inHand: 0 });
});

test('takes the files out of the folder at once', async () => {
  await delivered({ locationId: 'locFile', messageId: 'file1' });
  const forgotten: string[] = [];
  const { media, store } = http.app;
  jest.spyOn(media, 'forget').mockImplementation((ids) => Promise.resolve(void forgotten.push(...ids)));
  await store.media.keep(
    { locationId: 'locFile' },
    {
      ...{ mediaId: 'media-1', messageId: (await rowOf('file1')).id, n: 0, kind: 'image', name: 'a.jpg' },
      ...{ type: 'image/jpeg', bytes: 1, sha256: 'aa', source: { url: PRIVATE.file } },
    },
  );
  await ops('erase --location locFile --yes');
  expect(forgotten).toEqual(['media-1']);
});

test('a contact alone: in every location that holds something of it, and nobody else', async () => {
  await delivered({ locationId: 'locOne', messageId: 'one1', contactId: 'contactX' });
  await delivered({ locationId: 'locTwo', messageId: 'two1', contactId: 'contactX', phone: '+60129999999' });
  await delivered({ locationId: 'locTwo', messageId: 'two2', contactId: 'contactY' });
  const { code, out } = await ops('erase --contact contactX --yes');
  expect(code).toBe(0);
  expect(out).toMatch(/^locOne: 1 waiting.*1 messages[\s\S]*^locTwo: 1 waiting.*1 messages/m);
  expect((await rowOf('two2')).content_sealed).not.toBeNull();
  expect(await ops('erase --contact nobody --yes')).toMatchObject({
    code: 1,
    err: 'Nothing is held of this contact.\n',
  });
});

test('a contact in one location stays in the others', async () => {
  for (const locationId of ['locHere', 'locThere'])
    await delivered({ locationId, messageId: `of-${locationId}`, contactId: 'contactZ' });
  expect(await ops('erase --contact contactZ --location locHere --yes')).toMatchObject({ code: 0 });
  expect((await rowOf('of-locHere')).content_sealed).toBeNull();
  expect((await rowOf('of-locThere')).content_sealed).not.toBeNull();
});

test('a repeated post of an erased message brings nothing back', async () => {
  const body = deliveryBody({ locationId: 'locAgain', messageId: 'again1' });
  await postDelivery(http, body);
  await ops('erase --location locAgain --yes');
  expect((await postDelivery(http, body)).status).toBe(200);
  expect(await http.db.knex('messages').where({ location_id: 'locAgain' })).toEqual([
    expect.objectContaining({ state: 'cancelled', content_sealed: null }),
  ]);
});

test('an unknown location, and nobody named', async () => {
  expect(await ops('erase --location nope --yes')).toMatchObject({ code: 1, err: 'There is no such location.\n' });
  expect(await ops('erase --yes')).toMatchObject({ code: 2, err: expect.stringContaining('--contact ID') as string });
});

test('nothing private stands in what was printed or logged', async () => {
  await delivered({ locationId: 'locQuiet', messageId: 'quiet1' });
  const { out, err } = await ops('erase --location locQuiet --yes');
  for (const value of Object.values(PRIVATE)) expect(out + err + http.logs()).not.toContain(value);
});
