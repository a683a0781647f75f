import type { RunCommand } from '../machine/runCommand';
import type { DownloadArchive } from './cliDownload';

/** Where a Temporal CLI is looked for, and with what. */
export interface CliSearch {
  env: NodeJS.ProcessEnv;
  cacheDir: string;
  /** Told of slow steps, one line each. */
  log: (line: string) => void;
  run: RunCommand;
  download: DownloadArchive;
}
