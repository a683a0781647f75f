import type { InstallationView } from '../../http/presenters/installation';
import { show, type Session } from '../session';
import { renderTable } from '../table';

const HEAD = ['RESOURCE', 'KIND', 'STATE', 'SINCE', 'REASON', 'NAME'];

/** Lists all installations with their state. */
export async function listInstallations(session: Session): Promise<void> {
  const answer = await session.admin.get<{ installations: InstallationView[] }>('/admin/v1/installations');
  show(session, answer, ({ installations }) =>
    renderTable(HEAD, installations.map(row), 'Nobody has installed the app yet.'),
  );
}

function row({ resourceId, kind, state, since, name, reason, locations }: InstallationView): string[] {
  const progress = locations === undefined ? [] : [`${locations.connected} of ${locations.known} connected`];
  const why = [...progress, ...(reason === undefined ? [] : [reason])].join('; ');
  return [resourceId, kind, state, since, why, name ?? ''];
}
