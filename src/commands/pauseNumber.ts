import type { App } from '../app';
import { findConnection } from './findConnection';

export interface PauseInput {
  connectionId: string;
  /** Who does it, for the audit log. */
  actor: string;
}

type PauseApp = Pick<App, 'store' | 'starter'>;

/**
 * Holds what waits on a number, and what comes, until a person resumes it. Returns since when it is paused (epoch ms).
 * Throws `not_found`.
 */
export async function pauseNumber(app: PauseApp, { connectionId, actor }: PauseInput): Promise<number> {
  const scope = { locationId: (await findConnection(app, connectionId)).location_id };
  const since = await app.store.pauses.begin(scope, connectionId, actor);
  app.starter.connectionChanged(scope, connectionId);
  return since;
}

/** Ends a person's pause: what waits flows by itself, in order. Throws `not_found`. */
export async function resumeNumber(app: PauseApp, { connectionId, actor }: PauseInput): Promise<void> {
  const scope = { locationId: (await findConnection(app, connectionId)).location_id };
  app.starter.wakeSoon(await app.store.pauses.end(scope, connectionId, actor));
  app.starter.connectionChanged(scope, connectionId);
}
