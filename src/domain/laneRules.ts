/** What a number's lane has to keep to, as plain values: made of settings by the store, obeyed by the pure lane. */

/** reply: somebody answers somebody. bulk: everything else, and everything in doubt. */
export type MessageClass = 'reply' | 'bulk';

/** What the gap before a part depends on; `group` is bulk to a group, a reply keeps its own gap wherever it goes. */
export type PaceKind = 'text' | 'media' | 'reply' | 'group';

/** A range in milliseconds, of which a gap is drawn. */
export interface Gap {
  minMs: number;
  maxMs: number;
}

/** A daily span in minutes after midnight of a time zone; `to` before `from` runs over midnight. */
export interface QuietHours {
  fromMinute: number;
  toMinute: number;
}

/** The rules of one lane. Everywhere 0, `[]` and null mean off. */
export interface LaneRules {
  /** Gap before a part of that kind, from the start of one write to the start of the next. */
  readonly pace: Readonly<Record<PaceKind, Gap>>;
  /** Parts in any 60 minutes and in any 24 hours. */
  readonly capHourly: number;
  readonly capDaily: number;
  /** New conversations in any 60 minutes. */
  readonly capNewHourly: number;
  /** Parts in each 24 hours of a new number's first days. */
  readonly warmupDaily: readonly number[];
  /** In which hours of `timeZone` bulk waits. */
  readonly quietHours: QuietHours | null;
  /** An IANA name that this machine knows. */
  readonly timeZone: string;
  /** How long the same bulk text to the same contact waits. */
  readonly duplicateTextMs: number;
  /** How long a message may be held before it ends as failed. 0 is no "off" here: it may not be held at all. */
  readonly holdMaxMs: Readonly<Record<MessageClass, number>>;
}

/** From this rank on a message is treated as bulk; a smaller one is a reply, or goes before one to the same party. */
export const BULK_RANK = 2;

/** Returns as what a message is treated now, by its effective rank: gap, caps, quiet hours and hold go by this. */
export function treatedAs({ rank }: { rank: number }): MessageClass {
  return rank < BULK_RANK ? 'reply' : 'bulk';
}

/** The rules where neither a connection nor its location says otherwise; the time zone is the location's own. */
export type LaneDefaults = Omit<LaneRules, 'timeZone'>;

const NO_GAP: Gap = { minMs: 0, maxMs: 0 };

/** Returns the same rules for a lane in which nothing is paced: no gaps, no caps, no quiet hours; a hold ends as before. */
export function unpaced(rules: LaneRules): LaneRules {
  return {
    pace: { text: NO_GAP, media: NO_GAP, reply: NO_GAP, group: NO_GAP },
    capHourly: 0,
    capDaily: 0,
    capNewHourly: 0,
    warmupDaily: [],
    quietHours: null,
    timeZone: rules.timeZone,
    duplicateTextMs: 0,
    holdMaxMs: rules.holdMaxMs,
  };
}
