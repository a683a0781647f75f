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
  in_flight: 'The gateway has been asked to send it.',
  retrying: 'The gateway could not send it just now; it is tried again.',
  awaiting_echo: 'The gateway gave no clear answer; we wait for proof that it was sent.',
  suspended: 'This location is suspended in GHL; the message goes out when it is active again.',
  reauth_required:
    'The app has lost its access to this location. Reconnect the app; the message then goes out by itself.',
  expired_while_held:
    'The number could not send for too long. Reconnect the number and send again if it still matters.',
  retry_deadline: 'The gateway kept refusing to send this. Check the number in the settings page, then send again.',
  no_echo:
    'The gateway did not confirm this message; it may or may not have arrived. Ask the contact before sending again.',
  no_delivery_receipt:
    'WhatsApp did not confirm delivery. The message may still arrive; ask the contact before sending again.',
  nack: 'WhatsApp reported a problem with this message; it may not have arrived. Ask the contact before sending again.',
  uninstalled: 'The app was uninstalled before this message was sent. Install it again and resend.',
  stopped_in_temporal: 'An operator stopped this message before it was sent. Send it again if it is still wanted.',
  cancelled_by_operator: 'This message was cancelled before it was sent. Send it again if it is still wanted.',
  nothing_to_send: 'The message has no text that WhatsApp can carry. Add text and send again.',
  attachments_not_supported:
    'Files can not be sent yet, and the text was not sent without them. Send the text alone, with links to the files.',
  phone_missing: 'The contact has no phone number. Add one and send again.',
  phone_malformed: 'The phone number is not written as one number. Correct it in the contact and send again.',
  phone_ambiguous:
    'The phone number may belong to several countries. Write it with + and its country code in the contact and send again.',
  phone_impossible: 'The phone number can not be a real one. Correct it in the contact and send again.',
  unknown_type: 'This kind of message can not be sent over WhatsApp. Send it as SMS.',
  gateway_rejected: 'The gateway refused to send this message.',
} as const;

export type ReasonCode = keyof typeof REASONS | (string & {});

/** Returns the sentence for a reason code; a code without a sentence of its own gets `fallback` or a general one. */
export function reasonWords(code: ReasonCode, fallback?: string | null): string {
  const known = new Map<string, string>(Object.entries(REASONS)).get(code);
  return known ?? fallback ?? 'The message could not be sent. Try again, or ask your agency for help.';
}
