import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliveryBody, postDelivery, PRIVATE } from '../support/deliveryPost';
import { startHttpApp, type HttpApp } from '../support/httpApp';
import { opsLine } from '../support/opsLine';

let http: HttpApp;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-export-'));
  http = await startHttpApp();
});
afterAll(async () => {
  await http.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => jest.restoreAllMocks());

const ops = (line: string) => opsLine(http, line);
const documents = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const scope = { locationId: 'locExport' };

beforeAll(async () => {
  for (const [messageId, contactId, phone] of [
    ['first', 'anna', PRIVATE.phone],
    ['second', 'ben', '+60129999999'],
  ]) {
    const message = `${PRIVATE.text} ${messageId}`;
    await postDelivery(http, deliveryBody({ ...scope, messageId, contactId, phone, message }));
  }
  await http.app.store.posts.store(scope, 'conn-1', Buffer.from('{"raw":true}'));
});

test('a location: what it is, every message with its text and state, all else, and that it was all', async () => {
  const { code, out } = await ops('export --location locExport');
  expect(code).toBe(0);
  const lines = documents(out);
  const kinds = ['export', 'message', 'message', 'contact', 'contact', 'gatewayPost', 'end'];
  expect(lines.map(({ kind }) => kind)).toEqual(kinds);
  expect(lines[0]).toMatchObject({ v: 1, ...scope });
  expect(lines[1]).toMatchObject({
    ...{ messageKey: 'first', direction: 'outbound', contactId: 'anna', state: 'accepted' },
    ...{ address: PRIVATE.phone, content: { text: `${PRIVATE.text} first` } },
    parts: [expect.objectContaining({ n: 1, state: 'unsent' })],
    acceptedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
  });
  expect(lines[5]).toMatchObject({ body: '{"raw":true}' });
  expect(lines[6]).toEqual({ kind: 'end', lines: 5 });
});

test('a contact: nothing of anybody else', async () => {
  const { out } = await ops('export --contact anna');
  expect(documents(out).map(({ kind, contactId }) => [kind, contactId])).toEqual([
    ...[
      ['export', 'anna'],
      ['message', 'anna'],
      ['contact', 'anna'],
    ],
    ['end', undefined],
  ]);
});

test('more than fits a page', async () => {
  const many = { locationId: 'locMany' };
  for (let n = 0; n < 205; n++) {
    const contact = { contactId: `c${n}`, conversationId: null, providerId: null };
    await http.app.store.contacts.remember(many, `key-${n}`, contact);
  }
  await postDelivery(http, deliveryBody({ ...many, messageId: 'many1' }));
  const lines = documents((await ops('export --location locMany')).out);
  expect(new Set(lines.map(({ contactId }) => contactId)).size).toBe(205 + 2);
  expect(lines.at(-1)).toEqual({ kind: 'end', lines: 207 });
});

test('a file is new, its owner’s alone, and nothing of it is printed', async () => {
  const out = join(folder, 'export.jsonl');
  const told = await ops(`export --location locExport --out ${out}`);
  expect(told).toMatchObject({ code: 0, out: expect.stringContaining(`7 lines are in ${out}`) as string });
  expect(told.out).not.toContain(PRIVATE.text);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(documents(readFileSync(out, 'utf8'))).toHaveLength(7);
});

test('a file that is there is left as it is', async () => {
  const out = join(folder, 'mine.txt');
  writeFileSync(out, 'mine');
  expect(await ops(`export --location locExport --out ${out}`)).toMatchObject({ code: 2 });
  expect(readFileSync(out, 'utf8')).toBe('mine');
});

test('one that is cut off fails and leaves no file', async () => {
  jest.spyOn(http.app.store.exports, 'others').mockRejectedValue(new Error('the store went away'));
  const out = join(folder, 'cut.jsonl');
  const { code, err } = await ops(`export --location locExport --out ${out}`);
  expect([code, err]).toEqual([1, expect.stringMatching(/stopped answering|cut off/)]);
  expect(existsSync(out)).toBe(false);
});

test('is written down', async () => {
  await ops('export --location locExport');
  await ops('export --contact anna');
  const audit = await http.db.knex('audit_log').where({ location_id: 'locExport' });
  const written = audit.map(({ actor, action, subject }) => [actor, action, subject]);
  expect(written).toContainEqual(['operator', 'location.export', null]);
  expect(written).toContainEqual(['operator', 'contact.export', 'anna']);
});

test('an unknown location has nothing to export', async () => {
  expect(await ops('export --location nope')).toMatchObject({ code: 1, err: 'There is no such location.\n' });
  expect(await ops('export')).toMatchObject({ code: 2 });
});
