import { OpsError } from '../opsError';
import { show, type Session } from '../session';

/** Checks that Temporal has what the bridge needs; prints the exact commands where it lacks something, and fails. */
export async function checkTemporal(session: Session): Promise<void> {
  const answer = await session.admin.get<{ ok: boolean; commands: string[] }>('/admin/v1/temporal/check');
  show(session, answer, ({ ok, commands }) =>
    ok ? 'Temporal has all that the bridge needs.' : ['Run these commands against Temporal:', ...commands].join('\n'),
  );
  if (!answer.ok) throw new OpsError('Temporal lacks something that the bridge needs.');
}

/** Seals anew, with the first key of ENCRYPTION_KEYS, whatever an older key sealed. */
export async function rotateKeys(session: Session): Promise<void> {
  const answer = await session.admin.post<{ sealed: number }>('/admin/v1/keys/rotate');
  show(session, answer, ({ sealed }) =>
    sealed === 0
      ? 'Everything is sealed with the first key already; older keys may be removed from ENCRYPTION_KEYS.'
      : `${sealed} values were sealed anew with the first key. Run it once more until it says that older keys may go.`,
  );
}
