import type { ConnectionView } from '../../http/presenters/connection';
import { show, type Session } from '../session';
import { renderTable } from '../table';

const HEAD = ['CONNECTION', 'LOCATION', 'STATE', 'SINCE', 'WAITING', 'NEXT'];

/** Lists all connections with their state and how many messages wait on each. */
export async function listConnections(session: Session): Promise<void> {
  const answer = await session.admin.get<{ connections: ConnectionView[] }>('/admin/v1/connections');
  show(session, answer, ({ connections }) => renderTable(HEAD, connections.map(row), 'No number is connected yet.'));
}

function row({ id, locationId, state, since, waiting, next }: ConnectionView): string[] {
  return [id, locationId, state, since, String(waiting), next ?? ''];
}
