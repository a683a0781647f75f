import { isSupportedCountry, type CountryCode } from 'libphonenumber-js';
import { parsed } from './text';

/** A country whose phone numbers are known, as ISO 3166 letters. */
export const region = parsed('must be the two letters of a country, as MY', (text): CountryCode | undefined => {
  const letters = text.toUpperCase();
  return isSupportedCountry(letters) ? letters : undefined;
});
