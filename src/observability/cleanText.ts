import { redactUrl } from './redactUrl';

/** Longer texts are cut: a log line is not a place for documents. */
const LONGEST = 4_000;

const URL_IN_TEXT = /[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>`]+/gi;
const PATH_IN_TEXT = /(?<![\w:/])\/[\w.~%/-]+(?:[?#][^\s"'<>`]*)?/g;

/** Runs are bounded, or looked for only where they begin, so that no text makes these slow. */
const RULES: readonly [RegExp, string][] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [redacted]'],
  [/((?:token|secret|password|api_?key|signature)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi, '$1[redacted]'],
  [/(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/gi, '[address]'],
  [/\d[\d:.-]{0,30}@lid\b/gi, '[address]'],
  [/\+\d[\d\s().-]{5,20}\d/g, '[number]'],
  [/(?<![\w-]|\w\.)\d{9,15}(?!\w|[.-]\w)/g, '[number]'],
];

/**
 * Returns a text without what looks like a secret or a person: addresses lose query and secret segments, credentials
 * of the form `name=value` their value, phone numbers and e-mail addresses everything. The second line of defence
 * behind fields that are redacted by their name; texts are cut at 4,000 characters.
 */
export function cleanText(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  const urls = short.replace(URL_IN_TEXT, redactUrl).replace(PATH_IN_TEXT, redactUrl);
  return RULES.reduce((cleaned, [pattern, replacement]) => cleaned.replace(pattern, replacement), urls);
}
