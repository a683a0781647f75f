import type { SendOutcome } from '../gateway';

/** Words as in the error ladder, for what this adapter says in its own name. */
export const REFUSALS = {
  bad_number: {
    ghl: 'The contact has no WhatsApp number that can be written to; correct it and send the message again.',
    ops: 'Nothing was asked of the gateway, since the receiver is no WhatsApp number: correct the contact, then resend.',
  },
  template_to_group: {
    ghl: 'A template can not be sent to a group; send its text instead.',
    ops: 'Nothing was asked of the gateway, which has no templates for groups: send the text.',
  },
  text_too_long: {
    ghl: 'The text is too long for the gateway; send it in several shorter messages.',
    ops: 'The web server of the gateway takes no address as long as this text makes it: see where it can be raised.',
  },
} as const;

/** What is shown of a refusal whose words nobody has seen yet. */
export const UNKNOWN_REFUSAL = {
  code: 'gateway_error',
  ops: 'The gateway refused with words that are new to the bridge: act by them, and report them.',
} as const;

/** Returns the end of a send that this adapter refuses itself, or knows to have been refused. */
export function refusal(code: keyof typeof REFUSALS): SendOutcome {
  return { kind: 'rejected', retry: 'never', code, text: REFUSALS[code].ghl };
}

/** Returns what people in GHL are told of a refusal in words that nobody has seen yet; `said` is cleaned of what is private. */
export function unknownRefusal(said: string): string {
  const reason = said === '' ? 'without a reason' : `with these words: "${said}"`;
  return `The gateway refused the message ${reason}; ask your agency before you send it again.`;
}
