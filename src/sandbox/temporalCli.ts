import { resolve } from 'node:path';
import { DomainError } from '../domain/errors';
import { runCommand } from './machine/runCommand';
import { downloadArchive } from './temporal/cliDownload';
import type { CliSearch } from './temporal/cliSearch';
import { SOURCES } from './temporal/cliSources';

/** Where the binary of a download or a build is kept for the next time, seen from the project's root. */
const CACHE_DIR = '.cache/temporal';
/** Priorities of tasks need this server; an older CLI would fail late and in riddles. */
const OLDEST_SERVER = [1, 28] as const;

/**
 * Returns the path of a Temporal CLI that runs. Looked for in TEMPORAL_CLI_PATH, on PATH, in the project's cache, then
 * fetched into that cache by download or `go install`. Each candidate must answer `--version`; one that does not is
 * passed over. Throws DomainError `temporal_cli_missing` that names all five and what was wrong with each.
 */
export async function findTemporalCli(options: Partial<CliSearch> = {}): Promise<string> {
  const search: CliSearch = {
    env: process.env,
    log: () => undefined,
    run: runCommand,
    download: downloadArchive,
    ...options,
    cacheDir: resolve(options.cacheDir ?? CACHE_DIR),
  };
  const failures: string[] = [];
  for (const source of SOURCES) {
    try {
      const path = await source.find(search);
      await verify(path, search);
      return path;
    } catch (error) {
      failures.push(`- ${source.name}: ${error instanceof Error ? error.message : 'failed'}`);
    }
  }
  throw new DomainError('temporal_cli_missing', 'never', missing(failures));
}

async function verify(path: string, { run, env }: CliSearch): Promise<void> {
  const output = await run(path, ['--version'], { env, timeoutMs: 20_000 }).catch((error: unknown) => {
    throw new Error(`${path} does not run (${error instanceof Error ? error.message : 'failed'})`);
  });
  const version = /^temporal version \S+(?: \(Server (\d+)\.(\d+))?/m.exec(output);
  if (version === null) throw new Error(`${path} is not the Temporal CLI`);
  const [, major, minor] = version;
  if (major === undefined || minor === undefined) return;
  const [oldestMajor, oldestMinor] = OLDEST_SERVER;
  if (Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor)) return;
  throw new Error(`${path} is too old: its server is ${major}.${minor}, needed is ${OLDEST_SERVER.join('.')} or later`);
}

function missing(failures: string[]): string {
  return [
    'No Temporal CLI, which holds the Temporal dev server. Looked for in this order:',
    ...failures,
    'Install it (https://docs.temporal.io/cli) so that `temporal` is on PATH, or set TEMPORAL_CLI_PATH to its binary.',
  ].join('\n');
}
