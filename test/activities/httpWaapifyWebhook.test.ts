import { connected, receipt, upsert, upserts } from '../support/gatewayPosts';
import { startHttpApp, type HttpApp } from '../support/httpApp';

let http: HttpApp;
let secret: string;
let connectionId: string;
beforeAll(async () => {
  http = await startHttpApp();
  ({ secret, connectionId } = await connected(http, 'loc1'));
});
afterAll(() => http.close());

const post = async (body: string | Buffer, to = secret): Promise<Response> =>
  await fetch(`${http.ingress}/waapify/webhooks/${to}`, { method: 'POST', body });

const posts = async () => await http.db.knex('webhook_posts').orderBy('id').select('state', 'due_at', 'location_id');

describe('POST /waapify/webhooks/:secret', () => {
  test('keeps the post, answers, then applies it', async () => {
    const answer = await post(upserts(upsert('A1', 'good morning')));
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
    await http.applied();
    expect((await posts()).at(-1)).toEqual({ state: 'applied', due_at: null, location_id: 'loc1' });
    expect(http.started.at(-1)).toMatchObject({ workflowId: `inbound:${connectionId}:A1`, direction: 'inbound' });
  });

  test('answers before it applies: a ledger that hangs holds no answer up', async () => {
    const { messages } = http.app.store;
    const original = messages.acceptInbound;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    messages.acceptInbound = async (...args) => {
      await held;
      return await original(...args);
    };
    const answer = await post(upserts(upsert('A2', 'hello?')));
    expect(answer.status).toBe(200);
    expect((await posts()).at(-1)).toMatchObject({ state: 'new' });
    messages.acceptInbound = original;
    release();
    await http.applied();
    expect((await posts()).at(-1)).toMatchObject({ state: 'applied' });
  });

  test('applies what one number posts in the order of arrival', async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `ORDER${n}`);
    for (const id of ids) await post(upserts(upsert(id, id)));
    await http.applied();
    const rows = await http.db
      .knex('messages')
      .where('source_key', 'like', '%ORDER%')
      .orderBy('seq')
      .select('source_key');
    expect(rows.map((row: { source_key: string }) => row.source_key.split(':')[1])).toEqual(ids);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '<html>502</html>'],
    ['an unknown event', JSON.stringify({ instance_id: 'X', data: { event: 'moon.phase' } })],
    ['bytes', Buffer.from([0, 255, 254, 10])],
    ['another instance', JSON.stringify({ instance_id: 'OTHER', data: { event: 'messages.upsert', data: {} } })],
  ])('keeps and counts what nobody understands: %s', async (_case, body) => {
    const before = (await posts()).length;
    expect((await post(body)).status).toBe(200);
    await http.applied();
    const kept = await posts();
    expect(kept).toHaveLength(before + 1);
    expect(kept.at(-1)).toMatchObject({ state: 'junk', due_at: null });
    expect(await http.app.metrics.render()).toMatch(/bridge_webhook_junk_total\{source="gateway"\} \d+/);
  });

  test('a post of which some is not understood is kept as junk, the rest of it counts', async () => {
    await post(upserts({ key: 'broken' }, upsert('A3', 'still here')));
    await http.applied();
    expect((await posts()).at(-1)).toMatchObject({ state: 'junk' });
    expect(http.started.at(-1)).toMatchObject({ workflowId: `inbound:${connectionId}:A3` });
  });

  test('takes a receipt', async () => {
    await post(receipt('SOMEID', 3));
    await http.applied();
    expect(await http.db.knex('receipts').where({ gateway_id: 'SOMEID' })).toMatchObject([{ level: 'delivered' }]);
  });

  test.each(['wrong', '%2e%2e', '%E0%A4%A'])('a secret that names no connection is not found: %s', async (wrong) => {
    const before = (await posts()).length;
    const answer = await post('{}', wrong);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'not_found']);
    expect(await posts()).toHaveLength(before);
  });

  test('the secret in the address decides about the location, never the body', async () => {
    const other = await connected(http, 'loc2');
    await post(upserts(upsert('A4', 'whose?')), other.secret);
    await http.applied();
    expect(await http.db.knex('messages').where('source_key', 'like', '%:A4')).toMatchObject([{ location_id: 'loc2' }]);
  });

  test('refuses more than 1 MB and keeps nothing of it', async () => {
    const before = (await posts()).length;
    const answer = await post('x'.repeat(1024 * 1024 + 1));
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'body_too_large']);
    expect(await posts()).toHaveLength(before);
    expect((await post('x'.repeat(1024 * 1024))).status).toBe(200);
    await http.applied();
  });

  test('is no 200 when the post could not be kept', async () => {
    const original = http.app.store.posts.store;
    http.app.store.posts.store = () => Promise.reject(new Error('disk full'));
    const answer = await post(upserts(upsert('A5', 'lost')));
    http.app.store.posts.store = original;
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([500, 'internal']);
  });

  test('no secret, number, name or text stands in any log line', () => {
    for (const value of [secret, '60198765432', 'Ann', 'good morning', 'hello?'])
      expect(http.logs()).not.toContain(value);
  });
});
