import { z } from 'zod';
import { PACE_MEND, parsePace } from './parsers/pace';
import { parseQuietHours, QUIET_HOURS_MEND } from './parsers/hours';
import { parseWarmup, WARMUP_MEND } from './parsers/warmup';

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
 * What a connection or location may set for itself, by the camelCase of the environment names; what is absent follows
 * the environment. An unknown name is refused. Texts stay as written: parse them with `parsePace`, `parseQuietHours`
 * and `parseWarmup`.
 */
export const connectionSettingsSchema = z
  .strictObject({
    paceTextMs: pace,
    paceMediaMs: pace,
    paceReplyMs: pace,
    capHourly: cap,
    capDaily: cap,
    capNewHourly: integer(0, 1_000_000),
    warmupDaily: textLike(WARMUP_MEND, parseWarmup),
    quietHours: textLike(QUIET_HOURS_MEND, parseQuietHours),
    duplicateTextMs: wait,
    holdMaxMs: wait,
    /** full: only a receipt is a delivery. none: echo or server ack is enough. auto: found out by what arrives. */
    receipts: z.enum(['auto', 'full', 'none'], { error: 'must be auto, full or none' }),
    /** A file that can not be sent: the message fails, or its address is sent as text. */
    mediaFallback: z.enum(['fail', 'link'], { error: 'must be fail or link' }),
    /** True: an ambiguous send may be repeated, so that a contact may get a message twice. */
    atLeastOnce: z.boolean({ error: 'must be true or false' }),
    receiptAlarmMs: wait,
    receiptWaitMs: wait,
    /** True: groups get contacts in GHL, too. */
    groups: z.boolean({ error: 'must be true or false' }),
    /** Conversation providers that this number is kept for; absent: for all that have no number of their own. */
    providers: z.array(z.string().min(1).max(190), { error: 'must be a list of provider ids' }).min(1).max(20),
  })
  .partial();

/** The settings that a connection or location has of its own. */
export type ConnectionSettings = z.output<typeof connectionSettingsSchema>;
