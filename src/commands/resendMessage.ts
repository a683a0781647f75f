import type { App } from '../app';
import { conflict, notFound, type DomainError } from '../domain/errors';
import type { MessageStatus } from '../domain/messageStatus';
import { reasonWords } from '../domain/reasons';
import type { Scope } from '../store/context';
import type { ResendRefusal } from '../store/resends/resend';

export interface ResendInput extends Scope {
  messageKey: string;
  /** Who does it, for the audit log. */
  actor: string;
}

/** `state` is the present one: of the new attempt, or where it was refused of the message as it stays. */
export type ResendAnswer =
  | { resent: true; attempt: number; state: MessageStatus }
  | { resent: false; state: MessageStatus; refusal: DomainError };

/**
 * Sends a failed or unknown outbound message again, as the next attempt of the same message with a run of its own, which
 * begins behind the answer. Returns the attempt, or why it can not be. Throws `not_found`.
 */
export async function resendMessage(app: App, { locationId, messageKey, actor }: ResendInput): Promise<ResendAnswer> {
  const scope = { locationId };
  const found = await app.store.messages.findByKey(scope, messageKey);
  if (found === null) throw notFound('message');
  const resent = await app.store.messages.resend(scope, found.message.id);
  const detail: Record<string, string | number> = resent.resent
    ? { attempt: resent.attempt }
    : { refused: resent.refusal.why };
  await app.store.audit.write({ actor, action: 'message.resend', ...scope, subject: messageKey, detail });
  if (!resent.resent) return { resent: false, state: resent.state, refusal: refusalOf(resent.refusal) };
  app.starter.wakeSoon(resent.wakes);
  app.metrics.messages.inc({ channel: found.message.channel, direction: 'outbound', event: 'resent' });
  return { resent: true, attempt: resent.attempt, state: resent.state };
}

function refusalOf(refusal: ResendRefusal): DomainError {
  switch (refusal.why) {
    case 'state':
      return conflict('not_resendable', 'Only a message that has failed or is unknown can be sent again.');
    case 'erased':
      return conflict('content_erased', 'Its text or its receiver has been erased: write it anew in GHL.');
    case 'as_before':
    case 'gate': {
      const words = reasonWords(refusal.reason ?? 'failed', refusal.reasonText);
      return conflict('would_fail', `It would not be sent this time either. ${words}`);
    }
  }
}
