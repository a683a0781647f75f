import { ERROR_LADDER, type LadderOutcome } from '../channels/whatsapp/errorLadder';
import { REFUSALS, UNKNOWN_REFUSAL, unknownRefusal } from '../channels/whatsapp/refusals';
import { expiredWords, HOLD_WORDS, type HeldState } from '../domain/connectionState';
import { REASON_NOTES } from '../domain/reasonNotes';
import { REASONS } from '../domain/reasons';
import { MEDIA_ERRORS } from '../media/mediaError';

/** One thing that can keep a message from being delivered. */
export interface Failure {
  code: string;
  /** Whether people in GHL read the words; the operator sees everything. */
  inGhl: boolean;
  words: string;
  ops: string;
  /** Retried, held, or neither. */
  then: string;
}

export interface FailureGroup {
  title: string;
  failures: Failure[];
}

/** Returns everything that can keep a message from being delivered, in groups; each group sorted by code. */
export function failureCatalogue(): FailureGroup[] {
  const reasons = reasonFailures();
  const groups = [
    { title: 'Ends of a message', failures: reasons.filter(({ inGhl }) => inGhl) },
    { title: 'What a message waits for', failures: reasons.filter(({ inGhl }) => !inGhl) },
    { title: 'Numbers that can not send', failures: heldFailures() },
    { title: "The gateway's answers", failures: [...ladderFailures('sending'), ...refusalFailures()] },
    { title: "The gateway's answers while a number is set up", failures: ladderFailures('set-up') },
    { title: 'Files', failures: mediaFailures() },
  ];
  return groups.map(({ title, failures }) => ({ title, failures: failures.sort(byCode) }));
}

function byCode(one: Failure, other: Failure): number {
  return one.code < other.code ? -1 : 1;
}

function reasonFailures(): Failure[] {
  return Object.entries(REASON_NOTES).map(([code, { end, ops }]) => {
    const words = new Map<string, string>(Object.entries(REASONS)).get(code) ?? '';
    return { code, inGhl: end !== 'waits', words, ops, then: end };
  });
}

/** The words are those under a message that was held too long. */
function heldFailures(): Failure[] {
  return Object.entries(HOLD_WORDS).map(([state, { why, next }]) => {
    const words = expiredWords(state as HeldState, null);
    const then = 'held; after HOLD_MAX_MS it fails as `expired_while_held`';
    return { code: state, inGhl: true, words, ops: `${sentence(why)} ${sentence(next)}`, then };
  });
}

function ladderFailures(seenIn: 'sending' | 'set-up'): Failure[] {
  const rows = ERROR_LADDER.filter((row) => row.seenIn === seenIn);
  return rows.map(({ code, ghl, ops, outcome }) => ({ code, inGhl: true, words: ghl, ops, then: thenOf(outcome) }));
}

function refusalFailures(): Failure[] {
  const unknown = { code: UNKNOWN_REFUSAL.code, ghl: unknownRefusal('…'), ops: UNKNOWN_REFUSAL.ops };
  const known = Object.entries(REFUSALS).map(([code, words]) => ({ code, ...words }));
  return [...known, unknown].map(({ code, ghl, ops }) => ({ code, inGhl: true, words: ghl, ops, then: 'fails' }));
}

function mediaFailures(): Failure[] {
  return Object.entries(MEDIA_ERRORS).map(([code, [retry, words]]) => ({
    code,
    inGhl: true,
    words,
    ops: 'The file, or the server that it lies on: see the words.',
    then: retry === 'never' ? 'fails' : 'tried again until RETRY_DEADLINE_MS, then fails',
  }));
}

function thenOf(outcome: LadderOutcome): string {
  if (outcome.kind === 'held') return `held as \`${outcome.state}\``;
  if (outcome.retry === 'never') return 'fails';
  if (outcome.limit === undefined) return 'tried again until RETRY_DEADLINE_MS, then fails as `retry_deadline`';
  const { retries, then } = outcome.limit;
  return `tried again ${retries} times, then ${then === 'fail' ? 'fails' : `held as \`${then}\``}`;
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
