import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../../src/config/settings';
import { DomainError } from '../../src/domain/errors';
import { bridgeEnv } from '../../src/quickstart/stage/bridgeEnv';
import { createClosers } from '../../src/quickstart/stage/closers';
import { claimFolder } from '../../src/quickstart/stage/folder';
import { choosePorts, onFreePorts } from '../../src/quickstart/stage/ports';
import { startStandIns } from '../../src/quickstart/stage/standIns';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-quickstart-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('claimFolder', () => {
  it('gives two at once a folder each, and the name back to the next run', async () => {
    const wanted = join(folder, 'data/quickstart');
    const [first, second] = [await claimFolder(wanted), await claimFolder(wanted)];
    expect([first.path, second.path]).toEqual([wanted, `${wanted}-2`]);
    first.release();
    const third = await claimFolder(wanted);
    expect(third.path).toBe(wanted);
    for (const claim of [second, third]) claim.release();
  });

  it('removes what an earlier run left, and nothing of a run that lives', async () => {
    const wanted = join(folder, 'quickstart');
    const first = await claimFolder(wanted);
    await writeFile(join(first.path, 'bridge.sqlite'), 'old');
    const beside = await claimFolder(wanted);
    expect(existsSync(join(first.path, 'bridge.sqlite'))).toBe(true);
    first.release();
    const next = await claimFolder(wanted);
    expect(next.path).toBe(first.path);
    expect(existsSync(join(next.path, 'bridge.sqlite'))).toBe(false);
    for (const claim of [beside, next]) claim.release();
  });
});

describe('ports', () => {
  async function occupy(port: number): Promise<Server> {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  it('are four different ones that are free', async () => {
    const ports = Object.values(await choosePorts(false));
    expect(new Set(ports).size).toBe(4);
    for (const port of ports) (await occupy(port)).close();
  });

  it.each(['address_in_use', 'sandbox_port', 'port_in_use'])('are chosen anew after %s', async (code) => {
    const tried: number[] = [];
    const started = await onFreePorts(async ({ bridge }) => {
      tried.push(bridge);
      if (tried.length < 3) throw new DomainError(code, 'later', 'taken');
      return 'started';
    });
    expect(started).toBe('started');
    expect(tried).toHaveLength(3);
  });

  it('do not hide another failure, or one that stays', async () => {
    const starts = { broken: 0, taken: 0 };
    const broken = onFreePorts(async () => {
      starts.broken += 1;
      throw new DomainError('store_in_use', 'never', 'no');
    });
    await expect(broken).rejects.toMatchObject({ code: 'store_in_use' });
    const taken = onFreePorts(async () => {
      starts.taken += 1;
      throw new DomainError('address_in_use', 'never', 'no');
    });
    await expect(taken).rejects.toMatchObject({ code: 'address_in_use' });
    expect(starts).toEqual({ broken: 1, taken: 5 });
  });
});

describe('closers', () => {
  it('end everything, the last first, also when one fails', async () => {
    const closers = createClosers();
    const ended: string[] = [];
    closers.add(() => ended.push('temporal'));
    closers.add(() => Promise.reject(new Error('stuck')));
    closers.add(async () => {
      await Promise.resolve();
      ended.push('bridge');
    });
    await expect(closers.closeAll()).rejects.toThrow('stuck');
    expect(ended).toEqual(['bridge', 'temporal']);
    await closers.closeAll();
    expect(ended).toHaveLength(2);
  });

  it('end what was still starting when everything ended', async () => {
    const closers = createClosers();
    await closers.closeAll();
    const end = jest.fn();
    closers.add(end);
    expect(end).toHaveBeenCalledTimes(1);
  });
});

describe('the environment of the bridge', () => {
  it('is complete and valid by itself, and leads to the stand-ins', async () => {
    const closers = createClosers();
    const ports = await choosePorts(false);
    const standIns = await startStandIns(ports, closers);
    const temporal = { address: '127.0.0.1:7233', namespace: 'default' };
    const settings = loadSettings(bridgeEnv({ ...standIns, ports, temporal, folder }), { sandboxDir: folder });
    await closers.closeAll();
    expect(settings).toMatchObject({
      bridgeSandbox: true,
      host: '127.0.0.1',
      port: ports.bridge,
      adminPort: ports.admin,
      databaseUrl: { kind: 'sqlite', path: join(folder, 'bridge.sqlite') },
      ghlApiUrl: standIns.ghl.url,
      waapifyBaseUrl: standIns.waapify.baseUrl,
      temporal,
    });
  });
});
