import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CliSearch } from '../../src/sandbox/temporal/cliSearch';
import { findTemporalCli } from '../../src/sandbox/temporalCli';

const GOOD = 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)\n';

let folder: string;
let cacheDir: string;
/** What each command answers; a path that is not listed does not run. */
let answers: Map<string, string>;
let ran: string[];
let logged: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bridge-cli-'));
  cacheDir = join(folder, 'cache');
  answers = new Map();
  ran = [];
  logged = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A file that may be run; what running it says is `answers`' part. */
async function binary(...path: string[]): Promise<string> {
  const file = join(folder, ...path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, '');
  await chmod(file, 0o755);
  return file;
}

function search(overrides: Partial<CliSearch> = {}): Promise<string> {
  return findTemporalCli({
    env: {},
    cacheDir,
    log: (line) => logged.push(line),
    run: (command, args) => {
      ran.push([command, ...args].join(' '));
      const answer = answers.get(command);
      return answer === undefined ? Promise.reject(new Error('there is no such command')) : Promise.resolve(answer);
    },
    download: () => Promise.reject(new Error('the network is closed')),
    ...overrides,
  });
}

describe('findTemporalCli', () => {
  it('takes TEMPORAL_CLI_PATH before one on PATH', async () => {
    const named = await binary('named', 'temporal');
    answers.set(named, GOOD).set(await binary('bin', 'temporal'), GOOD);
    await expect(search({ env: { TEMPORAL_CLI_PATH: named, PATH: join(folder, 'bin') } })).resolves.toBe(named);
  });

  it('takes the one on PATH before the cache', async () => {
    const onPath = await binary('bin', 'temporal');
    answers.set(onPath, GOOD).set(await binary('cache', 'temporal'), GOOD);
    await expect(search({ env: { PATH: `/nowhere:${join(folder, 'bin')}` } })).resolves.toBe(onPath);
  });

  it('takes the cached one without a download', async () => {
    const cached = await binary('cache', 'temporal');
    answers.set(cached, GOOD);
    const download = jest.fn();
    await expect(search({ download })).resolves.toBe(cached);
    expect(download).not.toHaveBeenCalled();
  });

  it.each([
    ['does not run', undefined, /does not run \(there is no such command\)/],
    ['is something else', 'temporal logic solver 3.1', /is not the Temporal CLI/],
    ['is too old', 'temporal version 1.0.0 (Server 1.24.2, UI 2.28.0)', /its server is 1\.24, needed is 1\.28/],
  ])('passes over one that %s', async (_case, answer, reason) => {
    const named = await binary('named', 'temporal');
    if (answer !== undefined) answers.set(named, answer);
    await expect(search({ env: { TEMPORAL_CLI_PATH: named } })).rejects.toThrow(reason);
    const cached = await binary('cache', 'temporal');
    answers.set(cached, GOOD);
    await expect(search({ env: { TEMPORAL_CLI_PATH: named } })).resolves.toBe(cached);
  });

  it('downloads the pinned version into the cache', async () => {
    const cached = join(cacheDir, 'temporal');
    answers.set(cached, GOOD);
    const download = jest.fn((_url: string, into: string) => writeFile(join(into, 'temporal'), '', { mode: 0o755 }));
    await expect(search({ download })).resolves.toBe(cached);
    expect(download.mock.calls[0]?.[0]).toMatch(
      /^https:\/\/temporal\.download\/cli\/archive\/v1\.5\.1\?platform=\w+&arch=/,
    );
    await expect(readdir(cacheDir)).resolves.toEqual(['temporal']);
    expect(logged).toEqual([expect.stringContaining('downloading')]);
  });

  it('leaves nothing in the cache when a download breaks off', async () => {
    const download = async (_url: string, into: string): Promise<void> => {
      await writeFile(join(into, 'temporal'), 'half', { mode: 0o755 });
      throw new Error('connection reset');
    };
    await expect(search({ download })).rejects.toThrow(/connection reset/);
    await expect(readdir(cacheDir)).resolves.toEqual([]);
  });

  it('builds with go into the cache when the download fails', async () => {
    const cached = join(cacheDir, 'temporal');
    answers.set(cached, GOOD);
    const run: CliSearch['run'] = async (command, args, { env }) => {
      ran.push([command, ...args].join(' '));
      if (args[0] === 'install') await writeFile(join(env['GOBIN'] ?? '', 'temporal'), '', { mode: 0o755 });
      return answers.get(command) ?? '';
    };
    await expect(search({ run })).resolves.toBe(cached);
    expect(ran).toContain('go install github.com/temporalio/cli/cmd/temporal@v1.5.1');
    expect(logged.at(-1)).toMatch(/building .* about 3 minutes/);
  });

  it('says every ten seconds that the build goes on, and stops saying it', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const run: CliSearch['run'] = async (_command, args) => {
        if (args[0] === 'install') jest.advanceTimersByTime(21_000);
        return Promise.resolve('');
      };
      await expect(search({ run })).rejects.toThrow(/go install/);
      expect(logged.filter((line) => line.startsWith('still building'))).toEqual([
        'still building the Temporal CLI (10 s)',
        'still building the Temporal CLI (20 s)',
      ]);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('names all five places and what was wrong with each when none works', async () => {
    const error: unknown = await search({ env: { PATH: folder } }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'temporal_cli_missing', retry: 'never' });
    const lines = (error as Error).message.split('\n');
    expect(lines.slice(1, 6)).toEqual([
      '- TEMPORAL_CLI_PATH: not set',
      '- `temporal` on PATH: not there',
      `- the project's cache: nothing in ${cacheDir} yet`,
      "- Temporal's download: the network is closed",
      '- go install github.com/temporalio/cli/cmd/temporal@v1.5.1: there is no such command',
    ]);
  });
});
