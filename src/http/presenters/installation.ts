import type { InstallationRow } from '../../store/installations/row';
import type { Progress } from '../../store/installations/reconcile';

/** One installation as the operator sees it. Times are ISO 8601. */
export interface InstallationView {
  resourceId: string;
  kind: 'location' | 'company';
  state: string;
  since: string;
  reason?: string;
  /** As GHL calls it. */
  name?: string;
  companyId?: string;
  /** Of a company: its locations that are known, and how many of them have their tokens. */
  locations?: Progress;
}

/** Returns an installation in the operator's words; `progress` is that of a company. */
export function presentInstallation(row: InstallationRow, progress?: Progress): InstallationView {
  const { resource_id: resourceId, kind, state, name, company_id: companyId } = row;
  const reason = row.walk_skip === null ? row.reason : walking(row);
  return {
    ...{ resourceId, kind, state, since: new Date(row.state_since).toISOString() },
    ...(reason === null ? {} : { reason }),
    ...(name === null ? {} : { name }),
    ...(companyId === null || kind === 'company' ? {} : { companyId }),
    ...(kind === 'company' ? { locations: progress ?? { known: 0, connected: 0 } } : {}),
  };
}

function walking({ walk_skip: seen, walk_count: count }: InstallationRow): string {
  return `its locations are being looked through: ${seen ?? 0} of ${count ?? '?'}`;
}
