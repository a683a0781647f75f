import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  version?: string;
  optionalDependencies?: Record<string, string>;
  hasInstallScript?: boolean;
}

const root = join(__dirname, '../..');
const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const manifest = read('package.json') as Record<'scripts' | 'dependencies' | 'devDependencies', Record<string, string>>;
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };

/** Where node finds `name` when a package at `path` requires it. */
function lockedFor(path: string, name: string): Locked | undefined {
  const own = packages[`${path}/node_modules/${name}`];
  if (own !== undefined || path === '') return own ?? packages[`node_modules/${name}`];
  return lockedFor(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name);
}

describe('package.json', () => {
  it('pins each dependency to one version', () => {
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('has scripts that run files which exist', () => {
    const compiled = Object.values(manifest.scripts).flatMap((script) => script.match(/dist\/\S+\.js/g) ?? []);
    const sources = compiled.map((file) => file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
    expect(sources.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it.each(['quickstart', 'start', 'start:ingress', 'start:worker'])(
    'lets %s become its node process, so that a signal to npm reaches it',
    (name) => {
      expect(manifest.scripts[name]).toMatch(/ && exec node \S+\.js( \w+)?$/);
    },
  );
});

describe('package-lock.json', () => {
  it('gives all of Temporal one protobufjs 8, without which replay from JSON histories fails', () => {
    const users = ['common', 'proto', 'worker'].map((name) => join(root, 'node_modules/@temporalio', name));
    const copies = users.map((user) => realpathSync(require.resolve('protobufjs/package.json', { paths: [user] })));
    expect(new Set(copies).size).toBe(1);
    expect((JSON.parse(readFileSync(copies[0]!, 'utf8')) as { version: string }).version).toMatch(/^8\./);
  });

  it('names the optional binaries of every platform, without which `npm ci` refuses it', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => lockedFor(path, name) === undefined),
    );
    expect(missing).toEqual([]);
  });

  it('holds no install script but those seen to be needless, since none is run', () => {
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(scripted.map(([path]) => path.split('node_modules/').at(-1)).sort()).toEqual([
      '@parcel/watcher',
      '@swc/core',
      'protobufjs',
      'unrs-resolver',
    ]);
  });
});
