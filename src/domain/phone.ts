import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

export type { CountryCode };

export type PhoneErrorCode = 'phone_missing' | 'phone_malformed' | 'phone_ambiguous' | 'phone_impossible';

/** The E.164 number with its plus, or why there is none: `message` is a sentence for a person, without the number. */
export type PhoneResult = { ok: true; value: string } | { ok: false; code: PhoneErrorCode; message: string };

const MESSAGES: Record<PhoneErrorCode, string> = {
  phone_missing: 'There is no phone number: add one to the contact.',
  phone_malformed: 'The phone number holds something else than one number: write only digits, with + and country code.',
  phone_ambiguous: 'The phone number may belong to several countries: write it with + and its country code.',
  phone_impossible: 'The phone number can not exist: check its digits and its country code.',
};

/** What people and address books put between digits, and the invisible marks that come along when text is copied. */
const FORMATTING = /[\s\p{Pd}\p{Cf}\u2212.()/]/gu;
const INTERNATIONAL = /^(?:\+|00)/;
const DIGITS_ONLY = /^\+?\p{Nd}+$/u;
/** E.164 allows 15 digits; fewer than 8 with country code are service numbers, which WhatsApp does not know. */
const E164 = /^\+\d{8,15}$/;
/**
 * Mexico gave up the 1 after its country code in 2019, and numbering metadata calls such a number impossible, but
 * WhatsApp accounts registered before that are still named 521... (observed).
 */
const OLD_MEXICAN_MOBILE = /^\+521\d{10}$/;

/** Returns whether the text is an ISO 3166 country code with a known numbering plan, in capitals (`MY`). */
export function isRegion(text: string): text is CountryCode {
  return isSupportedCountry(text);
}

/**
 * Returns the canonical form (`+60123456789`) of a number as people write it. `+` or `00` in front means that the
 * country code follows, whatever the region; anything else is read in the region's own notation. A number that only
 * fits the region by its length and is a valid one of another country is refused rather than guessed at.
 *
 * Brazil's ninth digit and Mexico's old 521 stay as they were written: both forms are WhatsApp names of different ages,
 * and only the gateway's number check can tell which one an account has. Never throws.
 */
export function parsePhone(input: string, region: CountryCode): PhoneResult {
  const compact = input.normalize('NFKC').trim().replace(/^tel:/i, '').replace(FORMATTING, '');
  if (compact === '') return failed('phone_missing');
  if (!DIGITS_ONLY.test(compact)) return failed('phone_malformed');
  return INTERNATIONAL.test(compact)
    ? parseInternational(compact.replace(INTERNATIONAL, '+'))
    : parseNational(compact, region);
}

/** Its result must read as itself: of a number with several trunk zeros each reading would strip one more. */
function parseInternational(text: string): PhoneResult {
  const number = parsePhoneNumberFromString(text, { extract: false });
  const value: string = number?.number ?? '';
  const possible = number?.isPossible() === true || OLD_MEXICAN_MOBILE.test(value);
  const stable = parsePhoneNumberFromString(value, { extract: false })?.number === value;
  return possible && stable && E164.test(value) ? { ok: true, value } : failed('phone_impossible');
}

/** What comes out is read once more with its country code, so that one number never has two canonical forms. */
function parseNational(digits: string, region: CountryCode): PhoneResult {
  const number = parsePhoneNumberFromString(digits, { defaultCountry: region, extract: false });
  if (number === undefined) return failed('phone_impossible');
  if (!number.isValid() && isValidInternational(`+${digits}`)) return failed('phone_ambiguous');
  return parseInternational(number.number);
}

function isValidInternational(text: string): boolean {
  return parsePhoneNumberFromString(text, { extract: false })?.isValid() ?? false;
}

function failed(code: PhoneErrorCode): PhoneResult {
  return { ok: false, code, message: MESSAGES[code] };
}
