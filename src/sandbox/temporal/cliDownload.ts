import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { runCommand } from '../machine/runCommand';

/** A closed network often drops packets instead of refusing; then the next source should have its turn soon. */
const CONNECT_MS = 5_000;
const STALL_MS = 30_000;

/** Fetches a .tar.gz and unpacks it into `folder`. Throws an Error that says in one line why it could not. */
export type DownloadArchive = (url: string, folder: string) => Promise<void>;

export const downloadArchive: DownloadArchive = async (url, folder) => {
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: CONNECT_MS },
    headersTimeout: STALL_MS,
    bodyTimeout: STALL_MS,
  });
  try {
    const response = await fetch(url, { dispatcher });
    if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status}`);
    const archive = join(folder, 'archive.tar.gz');
    await pipeline(Readable.fromWeb(response.body), createWriteStream(archive));
    await runCommand('tar', ['-xzf', archive, '-C', folder], { env: process.env, timeoutMs: 120_000 });
  } catch (error) {
    throw new Error(reason(error), { cause: error });
  } finally {
    await dispatcher.destroy();
  }
};

/** undici says only `fetch failed`; what happened stands in the cause. */
function reason(error: unknown): string {
  const told = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return told instanceof Error ? told.message : 'failed';
}
