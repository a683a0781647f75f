import type { App } from '../app';
import type { WorkerRole } from './worker';

export interface Readiness {
  ready: boolean;
  /** What does not work at the moment although the process serves. */
  degraded: string[];
  /** What it can not do without. */
  missing: string[];
}

/**
 * Returns whether this process is ready: an ingress (alone or beside a worker) when its store answers, Temporal down
 * being a degradation; a worker alone when it polls. Missing search attributes are never ready.
 */
export async function readinessOf(
  app: Pick<App, 'store' | 'starter'>,
  ingress: boolean,
  worker: WorkerRole | null,
): Promise<Readiness> {
  const missing: string[] = [];
  const degraded: string[] = [];
  if (!(await answers(app))) missing.push('store');
  if ((worker?.missingAttributes() ?? []).length > 0) missing.push('search_attributes');
  const temporal = app.starter.available() && (worker === null || worker.polling());
  if (!temporal) (ingress ? degraded : missing).push('temporal');
  return { ready: missing.length === 0, degraded, missing };
}

async function answers({ store }: Pick<App, 'store'>): Promise<boolean> {
  try {
    await store.ping();
    return true;
  } catch {
    return false;
  }
}
