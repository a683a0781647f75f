import { startBridge, type Bridge, type Role } from '../../src/bridge';
import { loadSettings } from '../../src/config/settings';
import type { ComposeOptions } from '../../src/compose';
import { createLogger } from '../../src/observability/logger';
import type { AdminClient } from './adminClient';
import { untilConnected } from './untilConnected';
import { INSTANCE, LOCATION, type World } from './world';

export interface TestBridge extends Bridge {
  admin: AdminClient;
  /** Every line that the bridge logged. */
  logs: string[];
}

/** Starts the bridge of a world inside the test's process: quick, and its store is at hand. It ends with the world. */
export async function startInProcess(
  world: World,
  options: ComposeOptions & { roles?: Role[]; env?: Record<string, string> } = {},
): Promise<TestBridge> {
  const logs: string[] = [];
  const settings = loadSettings(await world.env(options.env), { sandboxDir: world.folder });
  const logger = createLogger({
    level: settings.logLevel,
    destination: { write: (line: string) => void logs.push(line) },
  });
  const bridge = await startBridge(settings, options.roles ?? ['ingress', 'worker'], { logger, ...options });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= bridge.stop());
  world.temporal.onEnd(stop);
  return { ...bridge, stop, admin: world.admin(bridge.adminUrl), logs };
}

/** Installs the app in the world's location and connects the stand-in's number. Resolves with the connection's id. */
export async function installAndConnect(world: World, admin: AdminClient): Promise<string> {
  const page = await world.install();
  if (!page.ok) throw new Error(`install: ${page.status}`);
  const connectionId = await admin.connect({ locationId: LOCATION, instanceId: INSTANCE, token: world.waapify.token });
  await untilConnected(world, admin, connectionId, INSTANCE);
  return connectionId;
}
