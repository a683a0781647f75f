import type { HeldState } from '../../domain/connectionState';
import type { RetryLimit } from '../gateway';

/**
 * What becomes of the message. rejected/never: it fails. rejected/later: it is tried again, so often as `limit` says,
 * else until RETRY_DEADLINE_MS; `doubt`: the number itself may be lost, and is asked at once. held: everything on the
 * number waits in this state.
 */
export type LadderOutcome =
  | { kind: 'rejected'; retry: 'never' }
  | { kind: 'rejected'; retry: 'later'; limit?: RetryLimit; doubt?: true }
  | { kind: 'held'; state: HeldState };

/** One meaning of an error reply. */
export interface LadderRow {
  /** Stable, snake_case. */
  code: string;
  /** Any of these in the reply's text, in lower case, means this row. */
  says: readonly string[];
  outcome: LadderOutcome;
  /** `set-up`: the answer to a call that sets a number up; a send gets it only from a gateway that is confused. */
  seenIn: 'sending' | 'set-up';
  /** For people in GHL, once the message has ended by it: what happened and the next step. */
  ghl: string;
  /** For the operator of the bridge. */
  ops: string;
}

const NEVER = { kind: 'rejected', retry: 'never' } as const;
const LATER = { kind: 'rejected', retry: 'later' } as const;
const upTo = (retries: number) => ({ ...LATER, limit: { retries, then: 'fail' } }) as const;
/** The gateway has no session for the number: one more try or two, then the number counts as disconnected. */
const NO_SESSION = { ...LATER, limit: { retries: 2, then: 'disconnected' }, doubt: true } as const;
const held = (state: HeldState) => ({ kind: 'held', state }) as const;

/**
 * Every error text known of the gateway (Waapify API behaviour), in the order in which they are tried. The first
 * generation answers all of them with HTTP 200, so the text is all there is. `relogin: true` in a reply means the row
 * `logged_out`, whatever the text. An error answer is proof that nothing was sent.
 */
export const ERROR_LADDER: readonly LadderRow[] = [
  {
    code: 'plan_expired',
    says: ['subscription has expired', 'license invalidated', 'license provided is not valid'],
    outcome: held('billing'),
    seenIn: 'sending',
    ghl: 'The subscription of the WhatsApp gateway has expired; ask your agency to renew it.',
    ops: 'The subscription or licence with the gateway has expired: renew it; one message is tried from time to time, then sending goes on by itself.',
  },
  {
    code: 'plan_quota',
    says: ['exceeded the maximum number of messages', 'exceeded the maximum limit'],
    outcome: held('quota'),
    seenIn: 'sending',
    ghl: 'The WhatsApp plan has no messages left; wait until it resets, or ask your agency to raise it.',
    ops: 'The message quota of the gateway plan is used up: wait for its reset or raise the plan; one message is tried at each full hour at the latest.',
  },
  {
    code: 'bad_token',
    says: ['access token does not exist', 'access token is required'],
    outcome: held('reauth'),
    seenIn: 'sending',
    ghl: 'The WhatsApp gateway refuses the stored access; ask your agency to connect the number again.',
    ops: 'The access token is not accepted: connect the number again with a valid token.',
  },
  {
    code: 'bad_instance',
    says: ['instance id invalidated', 'instance id is required', 'has been invalidated'],
    outcome: held('reauth'),
    seenIn: 'sending',
    ghl: 'The WhatsApp gateway does not know this number any more; ask your agency to connect it again.',
    ops: 'The instance id is unknown or belongs to another account: connect the number with its present instance id.',
  },
  {
    code: 'account_missing',
    says: ['account does not exist'],
    outcome: held('reauth'),
    seenIn: 'sending',
    ghl: 'The WhatsApp account is gone from the gateway; ask your agency to connect the number again.',
    ops: 'The gateway has no account for this instance: create it there again and connect the number.',
  },
  {
    code: 'not_activated',
    says: ['has not been activated yet'],
    outcome: held('relogin'),
    seenIn: 'sending',
    ghl: 'The WhatsApp number is not linked yet; scan its QR code with the phone.',
    ops: 'The instance was never linked to a phone: scan its QR code; sending goes on by itself.',
  },
  {
    code: 'logged_out',
    says: ['login required', 'authentication failed', 'authentication process has failed', 'seems to have logged out'],
    outcome: held('relogin'),
    seenIn: 'sending',
    ghl: 'The WhatsApp number is logged out; scan its QR code again with the phone.',
    ops: 'The session of the number is lost: scan its QR code again; sending goes on by itself.',
  },
  {
    code: 'session_missing',
    says: ['session could not be found'],
    outcome: NO_SESSION,
    seenIn: 'sending',
    ghl: 'The gateway has no running session for the WhatsApp number; check that the phone is on and online, or scan the QR code again.',
    ops: 'The gateway has no running session for the number: its probe wakes one; if this stays, scan the QR code.',
  },
  {
    code: 'whatsapp_unreachable',
    says: ['cannot connect to whatsapp'],
    outcome: LATER,
    seenIn: 'sending',
    ghl: 'The gateway could not reach WhatsApp; check that the phone is on and online, then send the message again.',
    ops: 'The gateway could not reach WhatsApp or the phone: check that the phone is online; nothing else to do if it passes.',
  },
  {
    code: 'type_unsupported',
    says: ['message type not supported'],
    outcome: NEVER,
    seenIn: 'sending',
    ghl: 'This kind of message can not be sent over WhatsApp; send it as text or as a file.',
    ops: 'The gateway does not know this message type: report it with the version of the bridge and of the gateway.',
  },
  {
    code: 'number_missing',
    says: ['phone number is required'],
    outcome: NEVER,
    seenIn: 'sending',
    ghl: 'The message had no phone number; add one to the contact and send it again.',
    ops: 'The gateway got no phone number: check the contact, then resend.',
  },
  {
    code: 'content_missing',
    says: ['please enter media url or message'],
    outcome: NEVER,
    seenIn: 'sending',
    ghl: 'The message was empty; write a text or attach a file and send it again.',
    ops: 'The gateway got neither a text nor a file: check the message, then resend.',
  },
  {
    code: 'media_unusable',
    says: ['cannot find the media', 'cannot get file', 'failed to send file'],
    outcome: upTo(2),
    seenIn: 'sending',
    ghl: 'WhatsApp could not load the file; attach it again in a common format, or send a link to it as text.',
    ops: 'The gateway could not fetch the file: check that it reaches PUBLIC_URL and that the format is usual, then resend.',
  },
  {
    code: 'send_failed',
    says: ['failed to send the message'],
    outcome: upTo(2),
    seenIn: 'sending',
    ghl: 'The gateway kept refusing this message and does not say why; check the phone number of the contact, then send it again.',
    ops: 'The gateway failed three times to send and does not name a reason: send another message to the contact from the phone itself to compare.',
  },
  {
    code: 'already_connected',
    says: ['logged in successfully', 'instance id used', 'instance id has been used'],
    outcome: { ...upTo(2), doubt: true },
    seenIn: 'set-up',
    ghl: 'The gateway answered that the number is linked, and did not send the message; send it again.',
    ops: 'The number is linked already, so there is no QR code: ask for its state.',
  },
  {
    code: 'qr_not_ready',
    says: ['cannot get qr code', 'cannot generate a whatsapp qr code'],
    outcome: NO_SESSION,
    seenIn: 'set-up',
    ghl: 'The WhatsApp number is still being linked; scan its QR code with the phone.',
    ops: 'The gateway has no QR code ready: ask again in half a minute.',
  },
  {
    code: 'webhook_refused',
    says: [
      'webhook is not a valid url',
      'webhook url is not a valid url',
      'enable field is required',
      'webhook url is required',
    ],
    outcome: NEVER,
    seenIn: 'set-up',
    ghl: 'The gateway took the message for a change of its settings; send it again, and ask your agency if this comes back.',
    ops: 'The gateway refuses the webhook address: check that PUBLIC_URL is a public https address.',
  },
  {
    code: 'plan_accounts',
    says: ['you can only add up to'],
    outcome: NEVER,
    seenIn: 'set-up',
    ghl: 'The WhatsApp plan has no room for another number; remove one or ask your agency to raise the plan.',
    ops: 'The gateway plan has no room for another number: remove one there or raise the plan.',
  },
];
