import type { MessageView } from '../../http/presenters/message';
import { show, type Session } from '../session';

function pathOf(locationId: string, messageKey: string): string {
  return `/admin/v1/messages/${encodeURIComponent(locationId)}/${encodeURIComponent(messageKey)}`;
}

/** Shows where a message stands and what happens next. */
export async function showMessage(session: Session, locationId: string, messageKey: string): Promise<void> {
  show(session, await session.admin.get<MessageView>(pathOf(locationId, messageKey)), describe);
}

/** Cancels a message that nobody has claimed; fails, naming its state, where it is too late. */
export async function cancelMessage(session: Session, locationId: string, messageKey: string): Promise<void> {
  const answer = await session.admin.post<{ state: string }>(`${pathOf(locationId, messageKey)}/cancel`);
  show(session, answer, ({ state }) => `The message is ${state}.`);
}

/** Sends a failed or unknown message again; fails, naming its state and why, where it can not be. */
export async function resendMessage(session: Session, locationId: string, messageKey: string): Promise<void> {
  const answer = await session.admin.post<{ attempt: number }>(`${pathOf(locationId, messageKey)}/resend`);
  show(session, answer, ({ attempt }) => `It is sent again, as attempt ${attempt}.`);
}

/** Moves a waiting message to another number of its location, with what else waits for its contact. */
export async function moveMessage(
  session: Session,
  locationId: string,
  messageKey: string,
  connectionId: string,
): Promise<void> {
  const body = { connectionId };
  const answer = await session.admin.post<{ state: string; moved: number }>(
    `${pathOf(locationId, messageKey)}/move`,
    body,
  );
  show(session, answer, ({ state, moved }) => `The message is ${state}; ${moved} moved.`);
}

function describe({ state, reason, next, attempts, workflowId }: MessageView): string {
  const because = reason === undefined ? '' : ` (${reason})`;
  const lines = attempts.flatMap(({ attempt, parts }) =>
    parts.map(({ n, state: partState, gatewayId }) => {
      const name = gatewayId === undefined ? '' : `, gateway id ${gatewayId}`;
      return `  attempt ${attempt}, part ${n}: ${partState}${name}`;
    }),
  );
  return [`${state}${because}`, next, ...lines, `workflow: ${workflowId}`].join('\n');
}
