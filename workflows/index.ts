/** Everything that Temporal runs by name; the bundle's entry. */
export { connection } from './connection';
export { inboundMessage } from './inboundMessage';
export { installation } from './installation';
export { outboundMessage } from './outboundMessage';
export { reconcileInstallations } from './reconcileInstallations';
export { tokenRefresh } from './tokenRefresh';
