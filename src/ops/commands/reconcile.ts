import { show, type Session } from '../session';

export interface ReconcileOptions {
  location?: string;
  company?: string;
}

/** Has one installation, or all that are not settled, looked at again by the running bridge. */
export async function reconcile(session: Session, { location, company }: ReconcileOptions): Promise<void> {
  const body = { locationId: location, companyId: company };
  const answer = await session.admin.post<{ marked: number }>('/admin/v1/installations/reconcile', body);
  show(session, answer, ({ marked }) =>
    marked === 0 ? 'Nothing is unsettled.' : `${marked} are looked at again; see: npm run ops -- installations`,
  );
}
