/** What people are asked to do: a next step is a clause that begins with one of these. */
const NEXT_STEPS =
  /^(add|ask|attach|change|check|connect|correct|give|install|reach|reconnect|remove|renew|resend|scan|send|upload|wait|write)\b/i;

/** Where one clause ends and the next may begin. */
const CLAUSES = /[.;:,]\s+|\b(?:and|or|then)\s+/;

/** What only programs say, and what could be somebody's number. */
const TECHNICAL = /_|[{}<>]|https?:|\d{3,}|\b(?:undefined|null|NaN|API|HTTP|JSON)\b/;

const FAULTS: Record<string, (words: string) => boolean> = {
  'no capital at the start': (words) => !/^[A-Z]/.test(words),
  'no full stop at the end': (words) => !words.endsWith('.'),
  'no next step': (words) => !words.split(CLAUSES).some((clause) => NEXT_STEPS.test(clause.trim())),
  technical: (words) => TECHNICAL.test(words),
  'too long': (words) => words.length > 300,
  'white space': (words) => /\s{2}|^\s|\s$/.test(words),
};

/** Returns what is wrong with words that people read in GHL; empty when they are a sentence with a next step. */
export function whatIsWrong(words: string): string[] {
  return Object.entries(FAULTS).flatMap(([fault, isThere]) => (isThere(words) ? [fault] : []));
}
