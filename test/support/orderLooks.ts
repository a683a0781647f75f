import { findDuplicates, findInversions, findLost } from '../../src/sandbox/checkers';
import { installAndConnect, startInProcess, type TestBridge } from './bridgeInProcess';
import type { TestTemporal } from './temporalServer';
import { INSTANCE, openWorld, PHONE, type World } from './world';

const NUMBER = PHONE.slice(1);

/** Opens a world with a connected number in which GHL takes as many statuses as it is told. */
export async function openOrderWorld(temporal: TestTemporal): Promise<{ world: World; bridge: TestBridge }> {
  const world = await openWorld(temporal);
  const bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
  // A hundred updates in ten seconds are allowed; what GHL hears is not the question here.
  world.ghl.configure({ rateLimit: { enforce: false } });
  world.waapify.setAuto(INSTANCE, { read: false });
  return { world, bridge };
}

/** Returns fifty texts that tell their place. */
export const fifty = (prefix: string): string[] =>
  Array.from({ length: 50 }, (_, n) => `${prefix} ${String(n + 1).padStart(2, '0')}`);

/** An agent writes texts to one contact, one after the other. Resolves with GHL's ids of the messages. */
export async function sendAll(world: World, texts: string[]): Promise<string[]> {
  const ids = [];
  for (const text of texts) ids.push((await world.agentSends(text)).messageId);
  return ids;
}

/** Expects that the contact got each of these texts once, in their order. */
export function expectAllOnceInOrder(world: World, texts: string[]): void {
  const sends = world.waapify.sends(INSTANCE).filter(({ text }) => texts.includes(text));
  const expected = texts.map((text) => ({ number: NUMBER, text }));
  expect(findLost(expected, sends)).toEqual([]);
  expect(findDuplicates(sends)).toEqual([]);
  expect(findInversions(sends, { [NUMBER]: texts })).toEqual([]);
  expect(sends).toHaveLength(texts.length);
}
