import type { REASONS } from './reasons';

/** What a reason does to a message; `waits` is never told in GHL, which shows such a message as pending. */
export type ReasonEnd = 'waits' | 'waits, then fails' | 'fails' | 'unknown' | 'cancelled';

export interface ReasonNote {
  end: ReasonEnd;
  /** For the operator: what to do, or why there is nothing to do. */
  ops: string;
}

/** What the sentences of `REASONS` do not say: every reason has to be here, or the build fails. */
export const REASON_NOTES: Record<keyof typeof REASONS, ReasonNote> = {
  not_installed: { end: 'waits, then fails', ops: 'Install the app in the location; it fails after 24 hours.' },
  not_installed_expired: { end: 'fails', ops: 'Install the app in the location, then resend.' },
  no_connection: { end: 'waits, then fails', ops: 'Connect a number to the location.' },
  behind: { end: 'waits', ops: 'Nothing: others go first.' },
  gap: { end: 'waits', ops: 'Nothing: the pace of the number runs.' },
  hourly_cap: { end: 'waits', ops: 'Nothing, or CAP_HOURLY of the number; a fifth of it is kept for replies.' },
  daily_cap: { end: 'waits', ops: 'Nothing, or CAP_DAILY of the number; a fifth of it is kept for replies.' },
  new_chats_cap: { end: 'waits', ops: 'Nothing, or CAP_NEW_HOURLY of the number. Many new chats get numbers banned.' },
  warming_up: { end: 'waits', ops: 'Nothing, or WARMUP_DAILY of the number. It counts from its first connection.' },
  quiet_hours: { end: 'waits', ops: 'Nothing, or QUIET_HOURS of the number or location, in its time zone. Bulk only.' },
  same_text: { end: 'waits', ops: 'Nothing, or DUPLICATE_TEXT_MS. Bulk only; it holds its own contact alone.' },
  host_full: { end: 'waits', ops: 'The gateway host hangs; others go on. If it stays: its status page, our network.' },
  routing: { end: 'waits', ops: 'Nothing: after a minute without an answer of GHL it goes on the default number.' },
  in_flight: { end: 'waits', ops: 'Nothing: it ends within WAAPIFY_TIMEOUT_MS and 12 seconds.' },
  retrying: { end: 'waits', ops: 'Nothing: nothing has left, or the gateway or GHL said "later".' },
  awaiting_echo: { end: 'waits', ops: 'Nothing: it waits UNKNOWN_WAIT_MS for proof.' },
  awaiting_earlier: {
    end: 'waits',
    ops: 'Nothing: it was sent again after an unknown one; it waits UNKNOWN_WAIT_MS for the echo or receipt of that.',
  },
  earlier_arrived: { end: 'waits', ops: 'Nothing: what it waited for has come; the contact has it once.' },
  suspended: { end: 'waits', ops: 'The location is not active in GHL: the agency activates it.' },
  reauth_required: { end: 'waits', ops: 'GHL does not take our refresh token any more: install the app again.' },
  paused: { end: 'waits, then fails', ops: 'Somebody paused the number: `ops resume` when it may send again.' },
  expired_while_held: { end: 'fails', ops: 'It was held for HOLD_MAX_MS: mend the cause, then resend.' },
  retry_deadline: { end: 'fails', ops: 'The gateway said "later" for RETRY_DEADLINE_MS: look at the number there.' },
  no_echo: { end: 'unknown', ops: 'It may have left: ask the contact, or look at the phone, before a resend.' },
  no_delivery_receipt: {
    end: 'unknown',
    ops: 'No receipt within RECEIPT_WAIT_MS: the phone is off, or the gateway does not post receipts to us.',
  },
  nack: { end: 'unknown', ops: 'Many at once: WhatsApp limits the number; let it rest and look at the phone.' },
  uninstalled: { end: 'cancelled', ops: 'Install the app again, then resend.' },
  stopped_in_temporal: { end: 'cancelled', ops: 'Somebody stopped its run before it was sent.' },
  cancelled_by_operator: { end: 'cancelled', ops: 'Somebody cancelled it before it was sent.' },
  nothing_to_send: { end: 'fails', ops: 'Nothing: the message is empty.' },
  preparing: { end: 'waits', ops: 'Nothing: its files are fetched and its number is asked for.' },
  file_coming: { end: 'waits', ops: 'Nothing: after a minute its words are posted, and the file follows them.' },
  file_retrying: { end: 'waits', ops: 'Nothing; if it stays, see whether the worker reaches the address of the file.' },
  not_on_whatsapp: { end: 'fails', ops: 'The gateway says that the number has no account: correct the contact.' },
  too_many_files: { end: 'fails', ops: 'Nothing: the limit is fixed.' },
  phone_missing: { end: 'fails', ops: 'Correct the contact.' },
  number_hidden: { end: 'fails', ops: 'Answer on the phone; the number is learnt as soon as the gateway tells it.' },
  phone_malformed: { end: 'fails', ops: 'Correct the contact, best with + and country code.' },
  phone_ambiguous: { end: 'fails', ops: 'Correct the contact: + and country code.' },
  phone_impossible: { end: 'fails', ops: 'Correct the contact.' },
  unknown_type: { end: 'fails', ops: 'GHL posted a type that this provider can not carry: look at the workflow.' },
  opted_out: { end: 'fails', ops: 'The contact wrote a stop word (stopWords of the location): only START ends that.' },
  opted_in_again: { end: 'cancelled', ops: 'Nothing: only the confirmation of an opt-out is cancelled so.' },
  gateway_rejected: { end: 'fails', ops: "A code of the gateway's own is usual in its place: see the message." },
};
