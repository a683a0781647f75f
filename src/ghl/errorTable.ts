import type { Retry } from '../domain/errors';
import type { WireHeaders } from './exchange';
import { mayDouble, type GhlOperation } from './operations';
import { DAY_MS, rateLimitWaitMs, retryAfterMs } from './waits';

/** A refusal as the table's rows look at it. */
export interface Refusal {
  operation: GhlOperation;
  status: number;
  headers: WireHeaders;
  /** GHL's sentences and error word, joined. */
  said: string;
  nowMs: number;
}

/** One kind of refusal. */
export interface ErrorRow {
  code: string;
  retry: Retry | ((refusal: Refusal) => Retry);
  /** Why it happened and what to do, for an operator. */
  words: string;
  when: (refusal: Refusal) => boolean;
  waitMs?: (refusal: Refusal) => number | undefined;
  benign?: boolean;
}

const FIVE_MINUTES_MS = 300_000;

const isClientError = ({ status }: Refusal): boolean => status >= 400 && status < 500;
const isGone = ({ status }: Refusal): boolean => status === 400 || status === 404;
const isAboutContact = ({ operation }: Refusal): boolean =>
  /^(message\.(inbound|upload)|conversation\.create|contact\.(get|update)|(note|task)\.\w+)$/.test(operation);
const isOAuth = ({ operation }: Refusal): boolean => operation.startsWith('oauth.');

const CONTACT_GONE =
  /\bcontact(s|id| id)?\b.*\b(not found|not exist|deleted|merged)|\b(no|not find|unable to find)( the| a| any| such)? contact\b/i;
const CONVERSATION_GONE =
  /\bconversation(id| id)?\b(?! ?provider).*\b(not found|not exist|deleted)|\b(no|not find) (such )?conversation\b(?! ?provider)/i;

/** What the table cannot tell apart further: any other refusal by GHL. */
const REJECTED: Omit<ErrorRow, 'when'> = {
  code: 'ghl_rejected',
  retry: 'never',
  words: 'GHL rejected the request as invalid.',
};

/**
 * How GHL's refusals are told apart; the first row that fits decides. GHL says different things with the same status
 * (401 is an expired token, a missing header, a wrong kind of token or a message that is not ready), so the text
 * counts too. Sources: GHL's OpenAPI files, its staff's answers in its public issue tracker, and observation.
 */
const ROWS: ErrorRow[] = [
  {
    code: 'ghl_rate_limited',
    retry: 'later',
    words: 'GHL allows no more requests for this location just now.',
    when: ({ status }) => status === 429,
    waitMs: ({ headers, nowMs }) => rateLimitWaitMs(headers, nowMs),
  },
  {
    // Seen as a 400 inside a 500 too; private-integration tokens get the second sentence.
    code: 'ghl_invalid_provider',
    retry: 'never',
    words: 'GHL does not accept the conversation provider id: check GHL_PROVIDERS and that the app owns the provider.',
    when: ({ said }) => /invalid conversationProviderId|access to the conversation ?provider/i.test(said),
  },
  {
    code: 'ghl_unavailable',
    retry: ({ operation, status }) =>
      mayDouble(operation) && (status >= 500 || status === 408) ? 'ambiguous' : 'later',
    words: 'GHL could not answer.',
    when: ({ status }) => status >= 500 || status === 408 || (status >= 300 && status < 400),
    waitMs: ({ headers, nowMs }) => retryAfterMs(headers, nowMs),
  },
  {
    code: 'location_not_active',
    retry: 'later',
    words: 'GHL says that the location is not active, probably suspended; its tokens are kept and tried again daily.',
    when: (refusal) => isOAuth(refusal) && isClientError(refusal) && /location is not active/i.test(refusal.said),
    waitMs: () => DAY_MS,
  },
  {
    // Ours to mend, and no fault of the location's grant: the grant must not be marked as spent for it.
    code: 'ghl_client_refused',
    retry: 'later',
    words: 'GHL refuses the app credentials: check GHL_CLIENT_ID and GHL_CLIENT_SECRET.',
    when: (refusal) =>
      isOAuth(refusal) && isClientError(refusal) && /(invalid|unauthorized)[ _]client/i.test(refusal.said),
    waitMs: () => FIVE_MINUTES_MS,
  },
  {
    code: 'token_spent',
    retry: 'never',
    words: 'GHL does not accept this refresh token any more.',
    when: ({ operation, status }) => operation === 'oauth.refresh' && (status === 400 || status === 401),
  },
  {
    code: 'grant_refused',
    retry: 'never',
    words:
      'GHL did not grant a token: the code was used before or has expired, or the location has not installed the app.',
    when: ({ operation, status }) =>
      (operation === 'oauth.exchange' && (status === 400 || status === 401)) ||
      (operation === 'oauth.location' && status === 400),
  },
  {
    // For 5 to 10 s after a Delivery post, sometimes longer; 401 before June 2025, 403 since.
    code: 'ghl_status_too_early',
    retry: 'later',
    words: 'GHL has not stored this message yet, so its status can not be set.',
    when: ({ operation, status, said }) =>
      operation === 'message.status' &&
      (status === 401 || status === 403) &&
      /no conversation provider found/i.test(said),
    benign: true,
  },
  {
    code: 'ghl_message_not_found',
    retry: 'never',
    words: 'GHL does not know this message, or does not let its status be set.',
    when: (refusal) =>
      refusal.operation === 'message.status' &&
      isClientError(refusal) &&
      /no message found|message not found/i.test(refusal.said),
  },
  {
    code: 'ghl_version_missing',
    retry: 'never',
    words: 'GHL misses the Version header.',
    when: ({ status, said }) => status === 401 && /version header/i.test(said),
  },
  {
    code: 'ghl_wrong_token_kind',
    retry: 'never',
    words: 'GHL does not take this kind of token here: a location token of this app is needed.',
    when: ({ status, said }) => status === 401 && /invalid jwt/i.test(said),
  },
  {
    code: 'ghl_contact_gone',
    retry: 'never',
    words: 'The contact is not there any more; it was merged or deleted.',
    when: (refusal) =>
      (/^contact\.(get|update)$/.test(refusal.operation) && refusal.status === 404) ||
      (isAboutContact(refusal) && isGone(refusal) && CONTACT_GONE.test(refusal.said)),
  },
  {
    code: 'ghl_conversation_gone',
    retry: 'never',
    words: 'The conversation is not there any more; post again with the contact alone.',
    when: (refusal) =>
      refusal.operation === 'message.inbound' && isGone(refusal) && CONVERSATION_GONE.test(refusal.said),
  },
  {
    code: 'ghl_unauthorized',
    retry: 'later',
    words: 'GHL refused the access token.',
    when: ({ status }) => status === 401,
  },
  {
    code: 'ghl_forbidden',
    retry: 'never',
    words: 'GHL denies access: a scope is missing, or the token belongs to another location.',
    when: ({ status }) => status === 403,
  },
];

/** Returns the row that a refusal falls under; `ghl_rejected` when none of the special ones fits. */
export function rowOf(refusal: Refusal): Omit<ErrorRow, 'when'> {
  return ROWS.find((row) => row.when(refusal)) ?? REJECTED;
}
