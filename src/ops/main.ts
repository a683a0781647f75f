import { setTimeout as sleep } from 'node:timers/promises';
import { startBridge } from '../bridge';
import { loadSettings } from '../config/settings';
import { createLogger } from '../observability/logger';
import type { LocalAdmin } from './openAdmin';
import { runOps } from './runOps';

/** The bridge without a role is its admin listener over the store; on a port of its own, seen from this machine only. */
async function openLocal(): Promise<LocalAdmin> {
  const settings = { ...loadSettings(process.env), adminHost: '127.0.0.1', adminPort: 0 };
  // What goes wrong is answered to the command, which prints it.
  const logger = createLogger({ level: 'silent' });
  const bridge = await startBridge(settings, [], { logger });
  return { address: bridge.adminUrl, token: settings.adminToken, close: () => bridge.stop() };
}

void runOps(process.argv.slice(2), {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  now: Date.now,
  sleep: (ms) => sleep(ms),
  openLocal,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
