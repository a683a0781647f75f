/** Everything that Temporal runs by name; the bundle's entry. */
export { connection } from './connection';
export { inboundMessage } from './inboundMessage';
export { outboundMessage } from './outboundMessage';
export { tokenRefresh } from './tokenRefresh';
