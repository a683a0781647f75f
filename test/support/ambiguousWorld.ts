import { installAndConnect, startInProcess, type TestBridge } from './bridgeInProcess';
import { expectOnlyForward } from './looks';
import type { TestTemporal } from './temporalServer';
import { INSTANCE, openWorld, type World } from './world';

/** What the gateway tells of a send by itself: everything, or nothing. */
export const ALL = { echo: true, server: true, delivered: true, read: true, delaysMs: { echo: 0 } };
export const NOTHING = { echo: false, server: false, delivered: false, read: false };
/** The receipt's number. */
export const DELIVERED = 3;

/** Opens a world in which doubt is quick, with a connected number. */
export async function openAmbiguousWorld(temporal: TestTemporal): Promise<{ world: World; bridge: TestBridge }> {
  const world = await openWorld(temporal, { env: { UNKNOWN_WAIT_MS: '2500', WAAPIFY_TIMEOUT_MS: '1500' } });
  const bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
  return { world, bridge };
}

/** After each test: the gateway behaves again, and GHL was told forward only. */
export function settleWorld(world: World): void {
  world.waapify.clearFaults();
  world.waapify.setAuto(INSTANCE, ALL);
  expectOnlyForward(world);
}
