import type { App } from '../app';
import { notFound } from '../domain/errors';

export interface ReconcileInput {
  /** A location or company; absent: all. */
  resourceId?: string;
  /** Who asks for it, for the audit log. */
  actor: string;
}

/** So many workflows are told at once; the sweeper tells the others. */
const TOLD_AT_ONCE = 200;

/**
 * Has one installation, or all that are not settled, looked at again: companies are walked anew, locations without
 * access tried again. Returns how many. Throws `not_found` for a resource that nobody knows.
 */
export async function reconcileInstallations(
  { store, starter }: Pick<App, 'store' | 'starter'>,
  { resourceId, actor }: ReconcileInput,
): Promise<{ marked: number }> {
  const marked = await store.installations.markForReconcile(resourceId);
  if (resourceId !== undefined && marked.length === 0) throw notFound('installation');
  for (const resource of marked.slice(0, TOLD_AT_ONCE)) starter.installationChanged(resource);
  await store.audit.write({
    actor,
    action: 'installations.reconcile',
    subject: resourceId,
    detail: { marked: marked.length },
  });
  return { marked: marked.length };
}
