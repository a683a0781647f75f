import type { App } from '../app';
import { notFound } from '../domain/errors';
import { tokenRefreshWorkflowId } from '../domain/ids';

export interface ForceRefreshInput {
  /** A location's or company's id. */
  resourceId: string;
  /** Who does it, for the audit log. */
  actor: string;
}

/** The version that is being renewed, and the workflow in which it can be watched. */
export interface RefreshForced {
  resourceId: string;
  version: number;
  workflowId: string;
}

/**
 * Has a token renewed now, whatever its age, also of a location that is suspended or has lost its access: where GHL
 * takes it again, its messages go on by themselves. Throws `not_found`, `temporal_unavailable` (503).
 */
export async function forceRefresh(
  { store, starter }: Pick<App, 'store' | 'starter'>,
  { resourceId, actor }: ForceRefreshInput,
): Promise<RefreshForced> {
  const token = await store.tokens.read(resourceId);
  if (token === null) throw notFound('token');
  const { version } = token;
  await starter.refreshToken(resourceId, version, 'now');
  await store.audit.write({ actor, action: 'token.refresh', subject: resourceId, detail: { version } });
  return { resourceId, version, workflowId: tokenRefreshWorkflowId(resourceId, version) };
}
