import type { SandboxWaapify } from '../../sandbox/waapify';

/**
 * Waits until all of these texts have gone out of the gateway, at most `waitMs`. Returns when each did (epoch
 * milliseconds); what has not is not in it.
 */
export async function arrivalsOf(
  waapify: SandboxWaapify,
  texts: ReadonlySet<string>,
  waitMs: number,
): Promise<Map<string, number>> {
  const arrived = new Map<string, number>();
  const all = ({ text, at }: { text: string; at: number }): boolean => {
    if (texts.has(text) && !arrived.has(text)) arrived.set(text, at);
    return arrived.size === texts.size;
  };
  await waapify.sendJournal.waitFor(all, waitMs).catch(() => undefined);
  return arrived;
}
