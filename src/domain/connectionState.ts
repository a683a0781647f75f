/**
 * The state of a connection (an endpoint of a channel, e.g. one WhatsApp number). Only `connected` sends;
 * every other state holds what waits on it.
 */
export const CONNECTION_STATES = [
  'connected',
  'disconnected',
  'relogin',
  'quota',
  'billing',
  'unreachable',
  'unverified',
  'reauth',
] as const;

export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** Why a held connection holds and what a person does about it; shown in Temporal's details and in operator answers. */
export const HOLD_WORDS: Record<Exclude<ConnectionState, 'connected'>, { why: string; next: string }> = {
  disconnected: {
    why: 'the number is disconnected',
    next: 'check that the phone is on and online; sending goes on by itself',
  },
  relogin: { why: 'the number is logged out', next: 'scan the QR code again; sending goes on by itself' },
  quota: { why: 'the gateway plan has no messages left', next: 'wait for its reset or raise the plan' },
  billing: { why: 'the gateway subscription has expired', next: 'renew it with the gateway' },
  unreachable: { why: 'the gateway can not be reached', next: 'nothing to do: it is asked again every minute' },
  unverified: { why: 'the gateway has not confirmed this number yet', next: 'nothing to do: it is asked every minute' },
  reauth: { why: 'the gateway refuses our credentials', next: 'connect the number again with a valid token' },
};
