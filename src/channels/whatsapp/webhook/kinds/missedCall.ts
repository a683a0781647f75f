/** Returns the words for a call that nobody took. */
export function missedCall(video: boolean): string {
  return video ? '[missed video call]' : '[missed call]';
}

/** Returns the words for a call of which nobody but the phone knows whether it was taken. */
export function unclearCall(video: boolean): string {
  return `[${video ? 'video call' : 'call'}, perhaps missed: open WhatsApp on the phone]`;
}
