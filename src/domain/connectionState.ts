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

/** A state in which a connection does not send. */
export type HeldState = Exclude<ConnectionState, 'connected'>;

/** What people are told of a held connection. */
export interface HoldWords {
  /** Why it holds; a clause. */
  why: string;
  /** What a person does about it while it holds; a clause. */
  next: string;
  /** The same for somebody in GHL whose message was held too long; a sentence. */
  mend: string;
}

/** Shown in Temporal's details, in operator answers, and in GHL under what was held too long. */
export const HOLD_WORDS: Record<HeldState, HoldWords> = {
  disconnected: {
    why: 'the number is disconnected',
    next: 'check that the phone is on and online; sending goes on by itself',
    mend: 'Check that the phone is on and online.',
  },
  relogin: {
    why: 'the number is logged out',
    next: 'scan the QR code again; sending goes on by itself',
    mend: 'Scan the QR code of the number again.',
  },
  quota: {
    why: 'the gateway plan has no messages left',
    next: 'wait for its reset or raise the plan; sending goes on by itself',
    mend: 'Wait until the plan resets, or ask your agency to raise it.',
  },
  billing: {
    why: 'the gateway subscription has expired',
    next: 'renew it with the gateway; sending goes on by itself',
    mend: 'Ask your agency to renew it.',
  },
  unreachable: {
    why: 'the gateway can not be reached',
    next: 'nothing to do: it is asked again every minute',
    mend: 'Ask your agency to check the gateway.',
  },
  unverified: {
    why: 'the gateway has not confirmed this number yet',
    next: 'nothing to do: it is asked every minute',
    mend: 'Ask your agency to check how the number is connected.',
  },
  reauth: {
    why: 'the gateway refuses our credentials',
    next: 'connect the number again with a valid token',
    mend: 'Ask your agency to connect the number again.',
  },
};

/** Returns the words of a hold; with a trial ahead (`trialAt`, epoch ms) they say when. */
export function holdWords(state: HeldState, trialAt: number | null): Pick<HoldWords, 'why' | 'next'> {
  const { why, next } = HOLD_WORDS[state];
  if (trialAt === null) return { why, next };
  return { why, next: `${next}; one message is tried at ${new Date(trialAt).toISOString()}, or soon after` };
}

const PAUSED = { why: 'a person has paused the number', next: 'resume it; sending goes on by itself' };

/** Returns why a connection does not send, and what a person does about it; null: it sends. Times are epoch ms. */
export function standstill(
  state: ConnectionState,
  { trialAt, pausedAt }: { trialAt: number | null; pausedAt: number | null },
): Pick<HoldWords, 'why' | 'next'> | null {
  if (pausedAt !== null) return PAUSED;
  return state === 'connected' ? null : holdWords(state, trialAt);
}

/**
 * Returns what GHL shows under a message that was held too long. `words` are those of the number's own trouble, with a
 * next step in them; null where nothing is known beyond its state.
 */
export function expiredWords(state: HeldState, words: string | null): string {
  const { why, mend } = HOLD_WORDS[state];
  const cause = words === null ? `: ${why}. ${mend}` : `. ${words}`;
  return `The number could not send for too long${cause} Then send again if it still matters.`;
}
