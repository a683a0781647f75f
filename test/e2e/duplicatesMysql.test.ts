import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { timesAsked, untilSent, untilTold } from '../support/looks';
import { describeMysql } from '../support/mysqlServer';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

const temporal = useTemporal();

/** SQLite has one connection; here the posts really meet in the database. */
describeMysql('on MySQL', () => {
  let world: World;
  let bridge: TestBridge;

  beforeAll(async () => {
    world = await openWorld(temporal, { store: 'mysql' });
    bridge = await startInProcess(world);
  });

  /** Posts again and again what was refused the first time, so that the first accepts meet. */
  async function atOnce(texts: string[], each: number): Promise<string[]> {
    const unsigned = { tamper: { signature: 'missing' } } as const;
    const refused = await Promise.all(texts.map((text) => world.agentSends(text, unsigned)));
    const ids = refused.map(({ messageId }) => messageId);
    const posts = await Promise.all(ids.flatMap((id) => Array.from({ length: each }, () => world.ghl.redeliver(id))));
    expect(posts.map(({ status }) => status)).toEqual(posts.map(() => 200));
    return ids;
  }

  test('first posts of a location that nobody has seen, at once: each is taken once, none refused', async () => {
    const texts = ['first sight 1', 'first sight 2', 'first sight 3'];
    const ids = await atOnce(texts, 10);
    for (const id of ids) await bridge.admin.untilState(LOCATION, id, 'waiting');
    await installAndConnect(world, bridge.admin);
    for (const id of ids) await untilTold(world, id, 'read');
    expect(texts.map((text) => timesAsked(world, text))).toEqual([1, 1, 1]);
  });

  test('the same Delivery post 50 at once: all 200, one send', async () => {
    const [id] = await atOnce(['fifty at once'], 50);
    await untilTold(world, id!, 'read');
    await world.agentSends('after fifty');
    await untilSent(world, 'after fifty');
    expect(timesAsked(world, 'fifty at once')).toBe(1);
  });

  test('echo and receipts of many sends at once: every message ends as read', async () => {
    world.waapify.setAuto(INSTANCE, { reversed: true });
    const ids = await atOnce(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `meeting ${n}`),
      2,
    );
    for (const id of ids) await untilTold(world, id, 'read');
    for (let n = 1; n <= 8; n++) expect(timesAsked(world, `meeting ${n}`)).toBe(1);
  });
});
