import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { CliSearch } from './cliSearch';

/** Server 1.29.1. Later versions carry a `replace` in go.mod, so `go install` refuses them. */
const VERSION = 'v1.5.1';
const GO_MODULE = `github.com/temporalio/cli/cmd/temporal@${VERSION}`;
const GO_MS = 15 * 60_000;
const PROGRESS_MS = 10_000;
const BINARY = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** One place to get the CLI from: `find` returns its path, or throws an Error that says why not. */
export interface CliSource {
  name: string;
  find(search: CliSearch): Promise<string>;
}

/** In the order in which they are tried. */
export const SOURCES: readonly CliSource[] = [
  { name: 'TEMPORAL_CLI_PATH', find: fromSetting },
  { name: '`temporal` on PATH', find: fromPath },
  { name: "the project's cache", find: fromCache },
  { name: "Temporal's download", find: fromDownload },
  { name: `go install ${GO_MODULE}`, find: fromGo },
];

async function fromSetting({ env }: CliSearch): Promise<string> {
  const path = env['TEMPORAL_CLI_PATH'] ?? '';
  if (path === '') throw new Error('not set');
  return path;
}

async function fromPath({ env }: CliSearch): Promise<string> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, BINARY);
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  throw new Error('not there');
}

async function fromCache({ cacheDir }: CliSearch): Promise<string> {
  const path = join(cacheDir, BINARY);
  if (!(await isExecutable(path))) throw new Error(`nothing in ${cacheDir} yet`);
  return path;
}

/** The pinned version, from the address Temporal's own install script uses. */
async function fromDownload(search: CliSearch): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `https://temporal.download/cli/archive/${VERSION}?platform=${platform}&arch=${arch}`;
  return intoCache(search, async (folder) => {
    search.log(`downloading the Temporal CLI ${VERSION} (about 60 MB)`);
    await search.download(url, folder);
  });
}

/** For networks that reach the Go module proxy only: about three minutes on two cores, once. */
async function fromGo(search: CliSearch): Promise<string> {
  const { env, log, run } = search;
  return intoCache(search, async (folder) => {
    await run('go', ['version'], { env, timeoutMs: 30_000 });
    log(`building the Temporal CLI ${VERSION} with go: about 3 minutes, once`);
    const began = Date.now();
    const progress = setInterval(
      () => log(`still building the Temporal CLI (${Math.round((Date.now() - began) / 1000)} s)`),
      PROGRESS_MS,
    );
    try {
      await run('go', ['install', GO_MODULE], { env: { ...env, GOBIN: folder }, timeoutMs: GO_MS });
    } finally {
      clearInterval(progress);
    }
  });
}

/** Lets `make` put the binary into a fresh folder, then moves it: so the cache never holds half a binary. */
async function intoCache({ cacheDir }: CliSearch, make: (folder: string) => Promise<void>): Promise<string> {
  await mkdir(cacheDir, { recursive: true });
  const folder = await mkdtemp(join(cacheDir, 'new-'));
  try {
    await make(folder);
    await rename(join(folder, BINARY), join(cacheDir, BINARY));
    return join(cacheDir, BINARY);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
