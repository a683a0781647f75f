import type { App } from '../app';
import type { DueTell, TellEnd } from '../store/alerts/tells';

/** Writes down how a try to tell ended, counts it, and logs what will never be told. */
export async function finishTell(
  app: Pick<App, 'store' | 'metrics' | 'logger'>,
  tell: DueTell,
  end: TellEnd,
  why: { err?: unknown; status?: number } = {},
): Promise<void> {
  const state = await app.store.alerts.finishTell(tell, tell.tellId, end);
  if (state === null) return;
  const { what, kind, phase, locationId, connectionId } = tell;
  app.metrics.alertTells.inc({ what, outcome: state });
  if (state !== 'given_up') return;
  app.logger.warn({ ...why, what, kind, phase, locationId, connectionId }, 'Nobody could be told of an alert');
}
