import { statusOfParts, type MessageStatus, type PartState } from '../../domain/messageStatus';
import type { MessageWithParts } from '../../store/messages/read';
import type { PartRow } from '../../store/rows';
import { nextSentence } from './nextSentence';

export interface PartView {
  n: number;
  state: PartState;
  /** The gateway's id of it. */
  gatewayId?: string;
}

/** One attempt: the first, or a person's resend. */
export interface AttemptView {
  attempt: number;
  state: MessageStatus;
  parts: PartView[];
}

/** A message as the operator sees it: no number, no text. */
export interface MessageView {
  state: MessageStatus;
  /** Code of why it is so; src/domain/reasons.ts has the words. */
  reason?: string;
  /** What happens next and when, in words. */
  next: string;
  /** Of the present attempt. */
  parts: PartView[];
  attempts: AttemptView[];
  workflowId: string;
}

/** Returns a message in the operator's words. */
export function presentMessage({ message, parts, hold }: MessageWithParts): MessageView {
  const partsOf = (attempt: number): PartRow[] => parts.filter((part) => part.attempt === attempt);
  const earlier = Array.from({ length: message.attempt - 1 }, (_, index) => index + 1);
  const present = presentAttempt(message.attempt, message.state, partsOf(message.attempt));
  const why = hold === null ? message : { ...message, reason: hold.reason, reason_text: hold.text };
  return {
    state: message.state,
    ...(why.reason === null ? {} : { reason: why.reason }),
    next: nextSentence(why),
    parts: present.parts,
    attempts: [...earlier.map((attempt) => presentEarlier(attempt, partsOf(attempt))), present],
    workflowId: message.workflow_id,
  };
}

/** The state of an attempt that is over follows from its parts alone. */
function presentEarlier(attempt: number, parts: PartRow[]): AttemptView {
  const states = parts.map((part) => part.state);
  return presentAttempt(attempt, statusOfParts(states, 'waiting'), parts);
}

function presentAttempt(attempt: number, state: MessageStatus, parts: PartRow[]): AttemptView {
  return { attempt, state, parts: parts.map(presentPart) };
}

function presentPart({ n, state, gateway_id: gatewayId }: PartRow): PartView {
  return { n, state, ...(gatewayId === null ? {} : { gatewayId }) };
}
