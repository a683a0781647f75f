import type { InstallationRow } from '../../store/installations';

/** One installation as the operator sees it. Times are ISO 8601. */
export interface InstallationView {
  resourceId: string;
  kind: 'location' | 'company';
  state: string;
  since: string;
  reason?: string;
}

/** Returns an installation in the operator's words. */
export function presentInstallation(row: InstallationRow): InstallationView {
  const { resource_id: resourceId, kind, state } = row;
  const since = new Date(row.state_since).toISOString();
  return { resourceId, kind, state, since, ...(row.reason === null ? {} : { reason: row.reason }) };
}
