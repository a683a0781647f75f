import { createWriteStream } from 'node:fs';
import { DomainError } from '../../domain/errors';
import { freePort } from '../../sandbox/machine/freePort';
import { findTemporalCli } from '../../sandbox/temporalCli';
import { startDevServer, type DevServer } from '../../sandbox/temporalDevServer';

/** Temporal's own defaults: `temporal workflow list` in another terminal needs no address then. */
const PORT = 7233;
const UI_PORT = 8233;

/**
 * Finds or fetches the Temporal CLI, telling `say` of slow steps, and starts its dev server with Web UI: in memory, on
 * Temporal's own ports or on free ones. Its log goes to `logFile`. Throws `temporal_cli_missing`, `temporal_not_started`.
 */
export async function startTemporal(say: (line: string) => void, logFile: string): Promise<DevServer> {
  const cliPath = await findTemporalCli({ log: say });
  const log = createWriteStream(logFile, { flags: 'a' });
  const options = { cliPath, onLine: (line: string) => void log.write(`${line}\n`) };
  try {
    return await startDevServer({ ...options, port: await freePort(PORT), uiPort: await freePort(UI_PORT) });
  } catch (error) {
    if (!lostPort(error)) throw error;
    return await startDevServer(options);
  }
}

/** Somebody else took a port after it was seen free. */
function lostPort(error: unknown): boolean {
  if (!(error instanceof DomainError)) return false;
  return error.code === 'port_in_use' || error.message.includes('address already in use');
}
