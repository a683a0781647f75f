import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBridge } from '../bridge';
import { loadSettings } from '../config/settings';
import { createLogger } from '../observability/logger';
import type { LocalAdmin } from './openAdmin';
import { EXIT, OpsError } from './opsError';
import { runOps } from './runOps';

/** The bridge without a role is its admin listener over the store; on a port of its own, seen from this machine only. */
async function openLocal(): Promise<LocalAdmin> {
  const settings = { ...loadSettings(process.env), adminHost: '127.0.0.1', adminPort: 0 };
  // What goes wrong is answered to the command, which prints it.
  const logger = createLogger({ level: 'silent' });
  const bridge = await startBridge(settings, [], { logger });
  return { address: bridge.adminUrl, token: settings.adminToken, close: () => bridge.stop() };
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new OpsError('Nobody is there to ask: add --yes.', EXIT.usage);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

void runOps(process.argv.slice(2), {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  ask,
  now: Date.now,
  sleep: (ms) => sleep(ms),
  openLocal,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
