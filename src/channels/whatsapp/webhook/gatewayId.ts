import type { JsonRecord } from '../json';

/** Becomes part of a workflow id and a database key, so nothing but printable ASCII of moderate length. */
const MAX_LENGTH = 128;
const USABLE = /^[\x21-\x7e]+$/;
const WAITING = '-waiting';

/** Returns the message id of a WhatsApp message key, undefined when there is none that can be used. */
export function gatewayIdOf(key: JsonRecord | undefined): string | undefined {
  const id = key?.id;
  return typeof id === 'string' && id.length <= MAX_LENGTH && USABLE.test(id) ? id : undefined;
}

/**
 * Returns the id of the words that stand in for a message which could not be read. WhatsApp sends such a message once
 * more, under its own id: that must not be taken for a double of the words.
 */
export function waitingIdOf(id: string): string {
  return `${id.slice(0, MAX_LENGTH - WAITING.length)}${WAITING}`;
}
