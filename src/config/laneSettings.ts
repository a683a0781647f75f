import { z } from 'zod';
import { isTimeZone, parsePace, parseQuietHours, parseWarmup } from '../domain/ruleTexts';
import { QUIET_HOURS_MEND } from './parsers/hours';
import { PACE_MEND } from './parsers/pace';
import { WARMUP_MEND } from './parsers/warmup';

const DAYS_365_MS = 31_536_000_000;

/** A text in the form of its environment setting, kept as it was written but for white space at its ends. */
function textLike(mend: string, parse: (text: string) => unknown) {
  return z
    .string({ error: mend })
    .trim()
    .refine((text) => parse(text) !== undefined, mend);
}

function integer(min: number, max: number) {
  const mend = `must be a whole number from ${min} to ${max}`;
  return z.int({ error: mend }).min(min, mend).max(max, mend);
}

const pace = textLike(PACE_MEND, parsePace);
const cap = integer(1, 1_000_000);
const wait = integer(0, DAYS_365_MS);

/**
 * How messages go, as a connection and a location may set it for themselves, by the camelCase of the environment names.
 * Texts stay as written; the store parses them.
 */
export const laneSettings = {
  paceTextMs: pace,
  paceMediaMs: pace,
  paceReplyMs: pace,
  paceGroupMs: pace,
  capHourly: cap,
  capDaily: cap,
  capNewHourly: integer(0, 1_000_000),
  warmupDaily: textLike(WARMUP_MEND, parseWarmup),
  quietHours: textLike(QUIET_HOURS_MEND, parseQuietHours),
  duplicateTextMs: wait,
  holdMaxMs: wait,
  /** Of one class alone; they stand above `holdMaxMs` beside them. */
  holdMaxReplyMs: wait,
  holdMaxBulkMs: wait,
  /** full: only a receipt is a delivery. none: echo or server ack is enough. auto: found out by what arrives. */
  receipts: z.enum(['auto', 'full', 'none'], { error: 'must be auto, full or none' }),
  /** A file that can not be sent: the message fails, or its address is sent as text. */
  mediaFallback: z.enum(['fail', 'link'], { error: 'must be fail or link' }),
  /** True: an ambiguous send may be repeated, so that a contact may get a message twice. */
  atLeastOnce: z.boolean({ error: 'must be true or false' }),
  receiptAlarmMs: wait,
  receiptWaitMs: wait,
};

/** The time zone of quiet hours, by its IANA name. */
export const timezone = textLike('must be the name of a time zone, as Asia/Kuala_Lumpur', (name) =>
  isTimeZone(name) ? name : undefined,
);
