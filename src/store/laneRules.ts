import { unpaced, type Gap, type LaneDefaults, type LaneRules } from '../domain/laneRules';
import { isTimeZone, parsePace, parseQuietHours, parseWarmup } from '../domain/ruleTexts';
import type { StoreContext } from './context';
import { ownSettingsOf, type OwnSettings } from './ownSettings';
import type { ConnectionRow, LocationRow } from './rows';

/**
 * Returns the rules of a connection's lane: each from its own settings, else its location's, else the environment's.
 * Without a connection, or on a gateway that needs no pace, nothing is paced.
 */
export function rulesOf(
  ctx: StoreContext,
  connection: ConnectionRow | null,
  location: LocationRow | undefined,
): LaneRules {
  const own = ownRules(ctx, connection, location);
  return connection !== null && ctx.capabilities(connection.gateway).paced ? own : unpaced(own);
}

/** Rules that were made before, for each of the environment's by the texts that they were made of. */
const known = new WeakMap<LaneDefaults, Map<string, LaneRules>>();
/** So many are remembered; then all are forgotten, which costs a parse each. */
const MOST = 2_000;

function ownRules(ctx: StoreContext, connection: ConnectionRow | null, location: LocationRow | undefined): LaneRules {
  const timezone = location?.timezone ?? null;
  const key = JSON.stringify([connection?.settings, location?.settings, timezone]);
  const byTexts = known.get(ctx.rules) ?? new Map<string, LaneRules>();
  known.set(ctx.rules, byTexts);
  const rules = byTexts.get(key) ?? parse(ownSettingsOf(connection, location), ctx.rules, timezone);
  if (byTexts.size >= MOST) byTexts.clear();
  byTexts.set(key, rules);
  return rules;
}

function parse(own: OwnSettings, rules: LaneDefaults, timezone: string | null): LaneRules {
  return {
    pace: {
      text: gapOf(own.paceTextMs) ?? rules.pace.text,
      media: gapOf(own.paceMediaMs) ?? rules.pace.media,
      reply: gapOf(own.paceReplyMs) ?? rules.pace.reply,
      group: gapOf(own.paceGroupMs) ?? rules.pace.group,
    },
    capHourly: own.capHourly ?? rules.capHourly,
    capDaily: own.capDaily ?? rules.capDaily,
    capNewHourly: own.capNewHourly ?? rules.capNewHourly,
    warmupDaily: (own.warmupDaily === undefined ? undefined : parseWarmup(own.warmupDaily)) ?? rules.warmupDaily,
    quietHours: own.quietHours === undefined ? rules.quietHours : (parseQuietHours(own.quietHours) ?? null),
    timeZone: [own.timezone, timezone].find((name) => typeof name === 'string' && isTimeZone(name)) ?? 'UTC',
    duplicateTextMs: own.duplicateTextMs ?? rules.duplicateTextMs,
    holdMaxMs: {
      reply: own.holdMaxReplyMs ?? rules.holdMaxMs.reply,
      bulk: own.holdMaxBulkMs ?? rules.holdMaxMs.bulk,
    },
  };
}

function gapOf(text: string | undefined): Gap | undefined {
  return text === undefined ? undefined : parsePace(text);
}
