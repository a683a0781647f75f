import type { OutageView } from '../../http/presenters/outage';
import { show, type Session } from '../session';
import { renderTable } from '../table';

const HEAD = ['LOCATION', 'OF', 'FROM', 'TO', 'RETOLD', 'NO RECEIPT', 'NEVER CAME', 'NEXT'];

/** Lists when posts may have been lost, and under each the messages that stand in GHL and never came. */
export async function listOutages(session: Session): Promise<void> {
  const answer = await session.admin.get<{ outages: OutageView[] }>('/admin/v1/outages');
  show(session, answer, ({ outages }) =>
    [renderTable(HEAD, outages.map(row), 'Nobody was away.'), ...outages.flatMap(missed)].join('\n'),
  );
}

function row({
  locationId,
  connectionId,
  from,
  to,
  retold,
  unreceipted,
  unreceived,
  whole,
  next,
}: OutageView): string[] {
  const never = `${unreceived.length}${whole ? '' : ' or more'}`;
  return [locationId, connectionId ?? 'bridge', from, to, String(retold ?? ''), String(unreceipted ?? ''), never, next];
}

function missed({ locationId, unreceived }: OutageView): string[] {
  return unreceived.map(
    ({ messageId, contactId, at }) => `never came: ${locationId} ${messageId} ${contactId ?? '-'} ${at}`,
  );
}
