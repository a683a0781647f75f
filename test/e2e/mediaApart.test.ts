import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { installAndConnect } from '../support/bridgeInProcess';
import { startProcess } from '../support/bridgeProcess';
import { png, sha256 } from '../support/files';
import { describeMysql } from '../support/mysqlServer';
import { useTemporal } from '../support/temporalServer';
import { INSTANCE, LOCATION, openWorld, type World } from '../support/world';

describeMysql('an ingress and a worker in different working directories (MySQL)', () => {
  const temporal = useTemporal();
  let world: World;

  beforeAll(async () => {
    world = await openWorld(temporal, { store: 'mysql' });
    world.waapify.configure({ fetchMedia: true });
  });

  /** Starts both with this MEDIA_DIR, each in a directory of its own; returns the folders that it comes to. */
  async function withMediaDir(mediaDir: string, name: string) {
    const places = { ingress: join(world.folder, name, 'ingress'), worker: join(world.folder, name, 'worker') };
    for (const place of Object.values(places)) await mkdir(place, { recursive: true });
    const env = { MEDIA_DIR: mediaDir };
    const ingress = await startProcess(world, { role: 'ingress', cwd: places.ingress, env });
    const worker = await startProcess(world, { role: 'worker', cwd: places.worker, env });
    const stop = async (): Promise<void> => {
      expect(await ingress.stop()).toBe(0);
      expect(await worker.stop()).toBe(0);
    };
    return { ingress, stop, places };
  }

  const filesIn = async (folder: string): Promise<number> => (await readdir(folder).catch(() => [])).length;

  test('a picture arrives byte by byte, whether they share the media folder or not', async () => {
    const alone = await withMediaDir('./media', 'alone');
    await installAndConnect(world, alone.ingress.admin);
    const first = png(1);
    const { messageId } = await world.agentSends('fetched through', { attachments: [world.attach('1.png', first)] });
    await alone.ingress.admin.untilState(LOCATION, messageId, 'read');
    // Each keeps it in a folder of its own: the ingress fetched it once more when the gateway asked for it.
    expect(await filesIn(join(alone.places.worker, 'media'))).toBe(1);
    expect(await filesIn(join(alone.places.ingress, 'media'))).toBe(1);
    await alone.stop();

    const shared = await withMediaDir(join(world.folder, 'shared'), 'together');
    const second = png(2);
    const sent = await world.agentSends('out of one folder', { attachments: [world.attach('2.png', second)] });
    await shared.ingress.admin.untilState(LOCATION, sent.messageId, 'read');
    expect(await filesIn(join(world.folder, 'shared'))).toBe(1);
    await shared.stop();

    const sends = world.waapify.sends(INSTANCE);
    expect(sends.map(({ media }) => media?.sha256)).toEqual([first, second].map(sha256));
  });
});
