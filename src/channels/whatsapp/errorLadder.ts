import type { ConnectionState } from '../../domain/connectionState';

export type LadderOutcome =
  { kind: 'rejected'; retry: 'never' | 'later' } | { kind: 'held'; state: Exclude<ConnectionState, 'connected'> };

/** One meaning of an error reply. */
export interface LadderRow {
  /** Stable, snake_case. */
  code: string;
  /** Any of these in the reply's text, in lower case, means this row. */
  says: readonly string[];
  outcome: LadderOutcome;
  /** For the user in GHL: what happened and the next step. */
  ghl: string;
  /** For the operator of the bridge. */
  ops: string;
}

const NEVER = { kind: 'rejected', retry: 'never' } as const;
const LATER = { kind: 'rejected', retry: 'later' } as const;
const held = (state: Exclude<ConnectionState, 'connected'>) => ({ kind: 'held', state }) as const;

/**
 * Every error text known of the gateway (Waapify API behaviour), in the order in which they are tried. The first
 * generation answers all of them with HTTP 200, so the text is all there is. `relogin: true` in a reply means the row
 * `logged_out`, whatever the text.
 */
export const ERROR_LADDER: readonly LadderRow[] = [
  {
    code: 'plan_expired',
    says: ['subscription has expired', 'license invalidated', 'license provided is not valid'],
    outcome: held('billing'),
    ghl: 'The WhatsApp gateway subscription has expired; the message is sent once your agency has renewed it.',
    ops: 'The subscription or licence with the gateway has expired: renew it, sending goes on by itself.',
  },
  {
    code: 'plan_quota',
    says: ['exceeded the maximum number of messages', 'exceeded the maximum limit'],
    outcome: held('quota'),
    ghl: 'The WhatsApp plan has no messages left; the message is sent when the plan resets or is raised.',
    ops: 'The message quota of the gateway plan is used up: wait for its reset or raise the plan.',
  },
  {
    code: 'bad_token',
    says: ['access token does not exist', 'access token is required'],
    outcome: held('reauth'),
    ghl: 'The WhatsApp gateway refuses the stored access; ask your agency to connect the number again.',
    ops: 'The access token is not accepted: connect the number again with a valid token.',
  },
  {
    code: 'bad_instance',
    says: ['instance id invalidated', 'instance id is required', 'has been invalidated'],
    outcome: held('reauth'),
    ghl: 'The WhatsApp gateway does not know this number any more; ask your agency to connect it again.',
    ops: 'The instance id is unknown or belongs to another account: connect the number with its present instance id.',
  },
  {
    code: 'account_missing',
    says: ['account does not exist'],
    outcome: held('reauth'),
    ghl: 'The WhatsApp account is gone from the gateway; ask your agency to connect the number again.',
    ops: 'The gateway has no account for this instance: create it there again and connect the number.',
  },
  {
    code: 'not_activated',
    says: ['has not been activated yet'],
    outcome: held('relogin'),
    ghl: 'The WhatsApp number is not linked yet; scan its QR code and the message is sent by itself.',
    ops: 'The instance was never linked to a phone: scan its QR code.',
  },
  {
    code: 'logged_out',
    says: ['login required', 'authentication failed', 'authentication process has failed', 'seems to have logged out'],
    outcome: held('relogin'),
    ghl: 'The WhatsApp number is logged out; scan its QR code again and the message is sent by itself.',
    ops: 'The session of the number is lost: scan its QR code again.',
  },
  {
    code: 'session_missing',
    says: ['session could not be found'],
    outcome: LATER,
    ghl: 'The WhatsApp number is just starting at the gateway; it is tried again, there is nothing to do.',
    ops: 'The gateway has no running session for the number yet: it is tried again; if it stays, scan the QR code.',
  },
  {
    code: 'whatsapp_unreachable',
    says: ['cannot connect to whatsapp'],
    outcome: LATER,
    ghl: 'The gateway could not reach WhatsApp; it is tried again, check that the phone is online.',
    ops: 'The gateway could not reach WhatsApp or the phone: it is tried again, check that the phone is online.',
  },
  {
    code: 'type_unsupported',
    says: ['message type not supported'],
    outcome: NEVER,
    ghl: 'This kind of message can not be sent over WhatsApp; send it as text or as a file.',
    ops: 'The gateway does not know this message type: report it with the version of the bridge and of the gateway.',
  },
  {
    code: 'number_missing',
    says: ['phone number is required'],
    outcome: NEVER,
    ghl: 'The message had no phone number; add one to the contact and send it again.',
    ops: 'The gateway got no phone number: check the contact, then resend.',
  },
  {
    code: 'content_missing',
    says: ['please enter media url or message'],
    outcome: NEVER,
    ghl: 'The message was empty; write a text or attach a file and send it again.',
    ops: 'The gateway got neither a text nor a file: check the message, then resend.',
  },
  {
    code: 'media_unusable',
    says: ['cannot find the media', 'cannot get file', 'failed to send file'],
    outcome: NEVER,
    ghl: 'WhatsApp could not load the file; attach it again in a common format, or send a link to it as text.',
    ops: 'The gateway could not fetch the file: check that it reaches PUBLIC_URL and that the format is usual, then resend.',
  },
  {
    code: 'send_failed',
    says: ['failed to send the message'],
    outcome: LATER,
    ghl: 'WhatsApp did not take the message this time; it is tried again, there is nothing to do.',
    ops: 'The gateway failed to send for a reason that it does not name: it is tried again.',
  },
  {
    code: 'already_connected',
    says: ['logged in successfully', 'instance id used', 'instance id has been used'],
    outcome: LATER,
    ghl: 'The WhatsApp number is already linked; it is tried again, there is nothing to do.',
    ops: 'The number is linked already, so there is no QR code: ask for its state.',
  },
  {
    code: 'qr_not_ready',
    says: ['cannot get qr code', 'cannot generate a whatsapp qr code'],
    outcome: LATER,
    ghl: 'The QR code is not ready yet; try again in half a minute.',
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
    ghl: 'The gateway refuses the address for incoming messages; ask your agency to check its settings.',
    ops: 'The gateway refuses the webhook address: check that PUBLIC_URL is a public https address.',
  },
  {
    code: 'plan_accounts',
    says: ['you can only add up to'],
    outcome: NEVER,
    ghl: 'The WhatsApp plan has no room for another number; remove one or ask your agency to raise the plan.',
    ops: 'The gateway plan has no room for another number: remove one there or raise the plan.',
  },
];
