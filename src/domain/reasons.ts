/**
 * Why a message waits, failed, is unknown or was cancelled: a stable code, and a sentence for the person who reads it
 * in GHL, with a next step. Sentences hold no number, text or secret.
 */
export const REASONS = {
  not_installed:
    'This location has not installed the app yet. Install it and connect a number; the message then goes out by itself.',
  not_installed_expired: 'The app was not installed within 24 hours. Install it, connect a number and send again.',
  no_connection: 'No WhatsApp number is connected to this location. Connect one, then send again.',
  behind: 'It waits its turn behind earlier messages on this number.',
  gap: 'It waits for the gap between two messages of this number.',
  hourly_cap: 'This number has sent as much in the last hour as it may; the message goes out by itself.',
  daily_cap: 'This number has sent as much in the last 24 hours as it may; the message goes out by itself.',
  new_chats_cap:
    'This number has begun as many new conversations in the last hour as it may; the message goes out by itself.',
  warming_up: 'This number is new and sends little in its first days; the message goes out by itself.',
  quiet_hours: 'These are the quiet hours of this location; the message goes out by itself when they end.',
  same_text: 'The contact has had the same text not long ago; the message goes out by itself when that is past.',
  routing: 'The tags of its contact decide on which number it goes; GHL is being asked for them.',
  in_flight: 'The gateway has been asked to send it.',
  host_full: 'The gateway of this number answers slowly just now and has much in hand; it is tried again in a moment.',
  retrying: 'The gateway could not send it just now; it is tried again.',
  awaiting_echo: 'The gateway gave no clear answer; we wait for proof that it was sent.',
  awaiting_earlier:
    'An earlier message with the same words may have arrived; we wait for proof of that before this one is sent.',
  earlier_arrived: 'The earlier message with the same words has arrived, so this one was not sent a second time.',
  suspended: 'This location is suspended in GHL; the message goes out when it is active again.',
  reauth_required:
    'The app has lost its access to this location. Reconnect the app; the message then goes out by itself.',
  paused: 'A person has paused this number. Ask for it to be resumed; the message then goes out by itself.',
  expired_while_held:
    'The number could not send for too long. Ask your agency to bring it back, then send again if it still matters.',
  retry_deadline: 'The gateway kept refusing to send this. Check that the phone is on and online, then send again.',
  no_echo:
    'The gateway did not confirm this message; it may or may not have arrived. Ask the contact before sending again.',
  no_delivery_receipt:
    'WhatsApp did not confirm delivery. The message may still arrive; ask the contact before sending again.',
  nack: 'WhatsApp reported a problem with this message; it may not have arrived. Ask the contact before sending again.',
  uninstalled: 'The app was uninstalled before this message was sent. Install it again and resend.',
  stopped_in_temporal: 'An operator stopped this message before it was sent. Send it again if it is still wanted.',
  cancelled_by_operator: 'This message was cancelled before it was sent. Send it again if it is still wanted.',
  nothing_to_send: 'The message has no text that WhatsApp can carry. Add text and send again.',
  preparing: 'Its files and its number are looked at before it is sent.',
  file_coming: 'The file that came with it is fetched from WhatsApp; it then appears in the conversation by itself.',
  file_retrying: 'A file of the message could not be fetched just now; it is tried again.',
  not_on_whatsapp: 'This phone number is not on WhatsApp. Correct it in the contact, or reach the contact another way.',
  too_many_files: 'The message has more files than can be sent at once. Send them in several messages.',
  phone_missing: 'The contact has no phone number. Add one and send again.',
  number_hidden:
    'WhatsApp does not show the phone number of this contact yet. Answer on the phone, or add the number to the contact and send again.',
  phone_malformed: 'The phone number is not written as one number. Correct it in the contact and send again.',
  phone_ambiguous:
    'The phone number may belong to several countries. Write it with + and its country code in the contact and send again.',
  phone_impossible: 'The phone number can not be a real one. Correct it in the contact and send again.',
  unknown_type: 'This kind of message can not be sent over WhatsApp. Send it as SMS.',
  opted_out:
    'This contact has asked for no more messages. Do not send again until the contact writes START, or reach them another way.',
  opted_in_again: 'The contact wants messages again, so the opt-out is not confirmed any more. Write to them as usual.',
  gateway_rejected: 'The gateway refused to send this message. Ask your agency before you send it again.',
} as const;

export type ReasonCode = keyof typeof REASONS | (string & {});

/** Their cause differs from case to case: the words that were kept with the message say more. */
const KEPT_SAY_MORE: ReadonlySet<string> = new Set(['retry_deadline', 'expired_while_held']);

/** What a reason says of which nothing is known. */
export const GENERAL_WORDS = 'The message could not be sent. Try again, or ask your agency for help.';

/**
 * Returns the sentence for a reason code. `kept` are the words that were kept with the message: they are for codes
 * without a sentence here, and for the few whose cause differs from case to case.
 */
export function reasonWords(code: ReasonCode, kept?: string | null): string {
  const known = new Map<string, string>(Object.entries(REASONS)).get(code);
  return (KEPT_SAY_MORE.has(code) ? (kept ?? known) : (known ?? kept)) ?? GENERAL_WORDS;
}
