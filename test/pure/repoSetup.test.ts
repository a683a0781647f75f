import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const scripts = pathToFileURL(join(__dirname, '../../scripts/lib/')).href;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-setup-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs module code in a node of its own, since Jest does not load .mjs; returns what it printed. */
async function node(code: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0) throw new Error(`ended with ${exitCode}: ${output}`);
  return output.trim();
}

/** Adds one to a counter in a way that loses counts unless each has it alone. */
const COUNT = `
  import { withLock } from '${scripts}lock.mjs';
  import { readFileSync, writeFileSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  await withLock('the.lock', (line) => console.log(line), async () => {
    const count = Number(readFileSync('count', 'utf8'));
    await sleep(100);
    writeFileSync('count', String(count + 1));
  });`;

describe('withLock', () => {
  beforeEach(() => writeFile(join(folder, 'count'), '0'));

  it('lets one process in at a time and leaves nothing behind', async () => {
    await Promise.all(Array.from({ length: 4 }, () => node(COUNT)));
    await expect(readFile(join(folder, 'count'), 'utf8')).resolves.toBe('4');
    await expect(readdir(folder)).resolves.toEqual(['count']);
  });

  it('takes over from a process that died', async () => {
    const dead = await node('console.log(process.pid)');
    await mkdir(join(folder, 'the.lock'));
    await writeFile(join(folder, 'the.lock/pid'), dead);
    await Promise.all([node(COUNT), node(COUNT)]);
    await expect(readFile(join(folder, 'count'), 'utf8')).resolves.toBe('2');
    await expect(readdir(folder)).resolves.toEqual(['count']);
  });

  it('lets go when the work fails', async () => {
    const failing = `
      import { withLock } from '${scripts}lock.mjs';
      await withLock('the.lock', () => {}, () => Promise.reject(new Error('no'))).catch(() => console.log('failed'));`;
    await expect(node(failing)).resolves.toBe('failed');
    expect(existsSync(join(folder, 'the.lock'))).toBe(false);
  });
});

describe('isInstalled', () => {
  const CHECK = `
    import { isInstalled } from '${scripts}install.mjs';
    console.log(isInstalled('.'));`;
  const wanted = {
    '': { name: 'root' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  };

  async function whether(installed: object | null): Promise<string> {
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
    await mkdir(join(folder, 'node_modules'), { recursive: true });
    const record = join(folder, 'node_modules/.package-lock.json');
    if (installed !== null) await writeFile(record, JSON.stringify({ packages: installed }));
    return node(CHECK);
  }

  it.each([
    ['an optional package of another platform is absent', { 'node_modules/a': { version: '1.0.0' } }, 'true'],
    ['a package has another version', { 'node_modules/a': { version: '1.0.1' } }, 'false'],
    ['a package is absent', {}, 'false'],
    ['nothing was installed, or not to the end', null, 'false'],
  ])('when %s', async (_case, installed, expected) => {
    await expect(whether(installed)).resolves.toBe(expected);
  });
});

describe('hashOf', () => {
  const hash = (): Promise<string> =>
    node(`import { hashOf } from '${scripts}sourceHash.mjs'; console.log(hashOf('.', ['src', 'one.json']));`);

  beforeEach(async () => {
    await mkdir(join(folder, 'src/deep'), { recursive: true });
    await writeFile(join(folder, 'src/deep/a.ts'), 'a');
    await writeFile(join(folder, 'one.json'), '{}');
  });

  it.each([
    ['a text changes', () => writeFile(join(folder, 'src/deep/a.ts'), 'b')],
    ['a file is added', () => writeFile(join(folder, 'src/b.ts'), '')],
    ['a file is removed', () => rm(join(folder, 'src/deep/a.ts'))],
  ])('changes when %s', async (_case, change) => {
    const before = await hash();
    await change();
    await expect(hash()).resolves.not.toBe(before);
  });

  it('stays when only a time of change does', async () => {
    const before = await hash();
    await writeFile(join(folder, 'one.json'), '{}');
    await expect(hash()).resolves.toBe(before);
  });
});
