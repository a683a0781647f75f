import type { JsonRecord } from '../json';

/** Becomes part of a workflow id and a database key, so nothing but printable ASCII of moderate length. */
const USABLE = /^[\x21-\x7e]{1,128}$/;

/** Returns the message id of a WhatsApp message key, undefined when there is none that can be used. */
export function gatewayIdOf(key: JsonRecord | undefined): string | undefined {
  const id = key?.id;
  return typeof id === 'string' && USABLE.test(id) ? id : undefined;
}
