import type { App } from '../app';
import { startLoop, type Loop } from './loop';

/** How often the store is asked whose token is due; each has a time of its own (domain/tokenRefresh.ts). */
const LOOK_MS = 5_000;

type WatchApp = Pick<App, 'store' | 'starter' | 'logger'>;

/** Starts the token watch: one per worker process; the store gives each due token to one of them. */
export function startTokenWatch(app: WatchApp): Loop {
  return startLoop('token watch', LOOK_MS, app.logger, () => renewDue(app));
}

/**
 * Starts the renewal of every token that is due, so that none runs out, also of a location where nothing happens. One
 * that can not be started now is due again later.
 */
export async function renewDue({ store, starter, logger }: WatchApp): Promise<void> {
  const due = await store.tokens.takeDue();
  for (const { resourceId, version } of due) {
    await starter.refreshToken(resourceId, version, 'again').catch((error: unknown) => {
      logger.warn({ err: error, resourceId, version }, 'The renewal of a token could not be started; it stays due');
    });
  }
}
