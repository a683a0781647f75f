import type { LaneDefaults } from '../domain/laneRules';
import type { Settings } from './settings';

/** Returns the rules that the environment gives to every lane. */
export function laneDefaults(settings: Settings): LaneDefaults {
  return {
    pace: {
      text: settings.paceTextMs,
      media: settings.paceMediaMs,
      reply: settings.paceReplyMs,
      group: settings.paceGroupMs,
    },
    capHourly: settings.capHourly,
    capDaily: settings.capDaily,
    capNewHourly: settings.capNewHourly,
    warmupDaily: settings.warmupDaily,
    quietHours: settings.quietHours,
    duplicateTextMs: settings.duplicateTextMs,
    holdMaxMs: {
      reply: settings.holdMaxReplyMs ?? settings.holdMaxMs,
      bulk: settings.holdMaxBulkMs ?? settings.holdMaxMs,
    },
  };
}
