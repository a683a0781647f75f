import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { serverSettings } from '../config/groups/server';
import { readTexts } from '../config/readTexts';
import { SANDBOX_DIR, withSandboxTexts } from '../config/sandbox';
import { SETTINGS_TABLE } from '../config/schema';
import { SettingsError } from '../config/settingsError';

/** Where the admin listener answers, and its bearer token. */
export interface AdminAddress {
  /** Without a slash at its end. */
  address: string;
  token: string;
}

const { ADMIN_HOST, ADMIN_PORT, ADMIN_TOKEN } = serverSettings;
const schema = z.object({ ADMIN_HOST, ADMIN_PORT, ADMIN_TOKEN });

const NEEDED = new Set(['ADMIN_HOST', 'ADMIN_PORT', 'ADMIN_TOKEN', 'BRIDGE_SANDBOX']);

/** A key that the sandbox is not asked to make: nothing is opened here. */
const NO_KEY = { ENCRYPTION_KEYS: '' };

/**
 * Returns where the bridge of this environment answers operators. Reads ADMIN_HOST, ADMIN_PORT and ADMIN_TOKEN alone,
 * so that an operator's shell needs nothing else. Throws SettingsError.
 */
export function readAdminAddress(env: NodeJS.ProcessEnv): AdminAddress {
  const rows = SETTINGS_TABLE.filter(({ name }) => NEEDED.has(name));
  const { texts, problems } = readTexts(env, rows);
  const filled = withSandboxTexts({ texts: { ...NO_KEY, ...texts }, problems }, SANDBOX_DIR);
  const parsed = schema.safeParse(filled.texts);
  const wrong = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => ({ name: String(path[0]), message }));
  if (!parsed.success || problems.length > 0) throw new SettingsError([...problems, ...wrong]);
  const { ADMIN_HOST: host, ADMIN_PORT: port, ADMIN_TOKEN: token } = parsed.data;
  return { address: `http://${reachable(host)}:${port}`, token };
}

/** A listener that binds all interfaces is reached on the loopback one. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}
