import { join } from 'node:path';
import { startBridge } from '../../src/bridge';
import { loadSettings } from '../../src/config/settings';
import { runOps } from '../../src/ops/runOps';
import type { LocalAdmin } from '../../src/ops/openAdmin';
import { createLogger } from '../../src/observability/logger';
import { openDb } from '../../src/store/db';
import type { MessageRow } from '../../src/store/rows';
import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess } from '../support/bridgeInProcess';
import { untilInbound, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const DAY_MS = 86_400_000;
const temporal = useTemporal();

/** The store of a world whose bridge is stopped: one process at a time may have it. */
async function withStore<T>(world: World, work: (knex: ReturnType<typeof openDb>['knex']) => Promise<T>): Promise<T> {
  const db = openDb({ kind: 'sqlite', path: join(world.folder, 'bridge.sqlite') });
  try {
    return await work(db.knex);
  } finally {
    await db.close();
  }
}

const rowsOf = (world: World): Promise<MessageRow[]> =>
  withStore(world, async (knex) => await knex<MessageRow>('messages').orderBy('id'));

/** An `ops` command line of this world; with no bridge running it opens the store itself, as the real one does. */
async function ops(world: World, line: string): Promise<{ code: number; out: string; err: string }> {
  const env = await world.env();
  const told = { code: 0, out: '', err: '' };
  const openLocal = async (): Promise<LocalAdmin> => {
    const settings = { ...loadSettings(env, { sandboxDir: world.folder }), adminHost: '127.0.0.1', adminPort: 0 };
    const bridge = await startBridge(settings, [], { logger: createLogger({ level: 'silent' }) });
    return { address: bridge.adminUrl, token: settings.adminToken, close: () => bridge.stop() };
  };
  told.code = await runOps(line.split(' '), {
    env,
    out: (text) => (told.out += text),
    err: (text) => (told.err += text),
    ask: () => Promise.reject(new Error('nobody is asked')),
    now: Date.now,
    sleep: () => Promise.resolve(),
    openLocal,
  });
  return told;
}

test('the janitor erases what is old at its first round, and what waits is sent with its text', async () => {
  const world = await openWorld(temporal);
  const first = await startInProcess(world);
  await installAndConnect(world, first.admin);
  const done = await world.agentSends('said long ago');
  await untilTold(world, done.messageId, 'read');
  await world.waapify.customerWrites({ instanceId: INSTANCE, from: '60131111111', text: 'heard long ago' });
  await untilInbound(world, 'heard long ago');
  world.waapify.setState(INSTANCE, 'logged_out');
  const waiting = await world.agentSends('still to be said');
  await first.admin.untilState(LOCATION, waiting.messageId, 'waiting');
  // Its run closes once nothing is expected any more.
  await eventually(async () => {
    const { body } = await first.admin.call('GET', `/admin/v1/messages/${LOCATION}/${done.messageId}`);
    expect(body).toMatchObject({ state: 'read' });
  });
  await first.stop();

  const old = Date.now() - 40 * DAY_MS;
  await withStore(world, async (knex) => {
    await knex('messages').update({ accepted_at: old, state_since: old });
    await knex('webhook_posts').update({ received_at: old });
  });
  const second = await startInProcess(world);
  await eventually(async () => {
    expect(await second.app.metrics.render()).toContain('bridge_messages_erased_total{why="retention"} 2');
  });
  expect((await second.admin.message(LOCATION, done.messageId)).state).toBe('read');
  world.waapify.setState(INSTANCE, 'connected');
  await untilSent(world, 'still to be said');
  await untilTold(world, waiting.messageId, 'read');
  await second.stop();

  const rows = await rowsOf(world);
  const erased = rows.filter(({ erased_at: at }) => at !== null);
  expect(erased.map(({ message_key: key }) => key)).toContain(done.messageId);
  expect(erased).toHaveLength(2);
  for (const row of erased)
    expect(row).toMatchObject({ content_sealed: null, address_sealed: null, address_key: null });
  expect(await withStore(world, (knex) => knex('webhook_posts').where('received_at', old))).toEqual([]);
});

test('an erasure with the bridge running tells GHL of what is not sent; with none it works on the store', async () => {
  const world = await openWorld(temporal);
  const bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
  const sent = await world.agentSends('was sent');
  await untilTold(world, sent.messageId, 'read');
  const { contactId } = world.ghl.message(sent.messageId)!;
  world.waapify.setState(INSTANCE, 'logged_out');
  const held = await world.agentSends('never to be seen');
  const other = await world.agentSends('of another one', { phone: '+60129999999' });
  await bridge.admin.untilState(LOCATION, held.messageId, 'waiting');
  await bridge.admin.untilState(LOCATION, other.messageId, 'waiting');

  const answer = await bridge.admin.call('POST', `/admin/v1/locations/${LOCATION}/contacts/${contactId}/erase`);
  expect(answer).toMatchObject({ status: 200, body: { cancelled: 1, messages: 2, inHand: 0 } });
  await untilTold(world, held.messageId, 'failed');
  await bridge.stop();

  const exported = await ops(world, `export --location ${LOCATION}`);
  expect(exported.code).toBe(0);
  expect(exported.out).toContain('of another one');
  expect(exported.out).not.toContain('never to be seen');
  expect(exported.out).not.toContain('was sent');

  const erased = await ops(world, `erase --location ${LOCATION} --yes`);
  expect(erased).toMatchObject({ code: 0, out: expect.stringContaining('1 waiting messages cancelled') as string });
  for (const row of await rowsOf(world)) expect(row).toMatchObject({ content_sealed: null, address_sealed: null });
  const again = await startInProcess(world);
  await untilTold(world, other.messageId, 'failed', 60_000);
  await again.stop();
});
