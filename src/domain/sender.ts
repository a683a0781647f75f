/** Who is behind an outbound message, as far as its source tells: what one sender sends is judged together. */
export interface SenderFacts {
  /** GHL's user who pressed send; absent for workflows and bots (GHL's ProviderOutboundMessage). */
  userId?: string | null;
  /** Where it came from, and by which of the location's providers. */
  source: string;
  providerId: string | null;
}

const PERSON = 'person:';

/** Whoever asks for a message anew through the operator's interface; which person that is, is not known. */
export const OPERATOR = `${PERSON}operator`;

/**
 * Returns the name of a sender within its location: that user, else all of a source together, for nothing in a Delivery
 * post tells one workflow from another.
 */
export function senderOf({ userId, source, providerId }: SenderFacts): string {
  if (typeof userId === 'string' && userId !== '') return `${PERSON}${userId}`;
  return `source:${source}:${providerId ?? ''}`;
}

/** Returns whether a sender is a person. */
export function isPerson(sender: string | null): boolean {
  return sender?.startsWith(PERSON) ?? false;
}
