import type { RefreshForced } from '../../commands/forceRefresh';
import { show, type Session } from '../session';

/** Has the token of a location or company renewed now; says where to watch it. */
export async function refreshToken(session: Session, resourceId: string): Promise<void> {
  const path = `/admin/v1/tokens/${encodeURIComponent(resourceId)}/refresh`;
  show(session, await session.admin.post<RefreshForced>(path), describe);
}

function describe({ resourceId, version, workflowId }: RefreshForced): string {
  return `Version ${version} of the token of ${resourceId} is being renewed.\nworkflow: ${workflowId}`;
}
