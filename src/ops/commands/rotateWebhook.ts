import type { WebhookRotated } from '../../commands/rotateWebhook';
import { show, type Session } from '../session';

export interface RotateWebhookOptions {
  connection: string;
}

/** Gives a connection's gateway a new address to post to, and says what comes of the old one. */
export async function rotateWebhook(session: Session, { connection }: RotateWebhookOptions): Promise<void> {
  const path = `/admin/v1/connections/${encodeURIComponent(connection)}/webhook/rotate`;
  show(session, await session.admin.post<WebhookRotated>(path), ({ next }) => next);
}
