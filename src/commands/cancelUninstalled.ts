import type { App } from '../app';
import type { Scope } from '../store/context';

/** So many are cancelled in one step. */
const AT_ONCE = 100;

/**
 * Cancels what waits of a location that uninstalled the app, some at a time and the newest first; what is claimed ends
 * by itself. GHL is told nothing: no token is left to tell it with. Returns whether there may be more.
 */
export async function cancelUninstalled(
  { store, starter, metrics, logger }: Pick<App, 'store' | 'starter' | 'metrics' | 'logger'>,
  scope: Scope,
): Promise<boolean> {
  const waiting = await store.erasure.unfinished(scope, {}, AT_ONCE + 1);
  let count = 0;
  for (const id of waiting.slice(0, AT_ONCE)) {
    const { cancelled, wakes } = await store.messages.cancel(scope, id, { reason: 'uninstalled' });
    await starter.wake(wakes);
    if (cancelled) count += 1;
  }
  if (count > 0) {
    metrics.messages.inc({ channel: 'whatsapp', direction: 'outbound', event: 'cancelled' }, count);
    logger.info({ ...scope, count }, 'What waited was cancelled: the app was uninstalled');
    await store.audit.write({ actor: 'ghl', action: 'location.cancel_waiting', ...scope, detail: { count } });
  }
  return waiting.length > AT_ONCE && count > 0;
}
