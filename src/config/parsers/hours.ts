import { parseQuietHours } from '../../domain/ruleTexts';
import { parsed } from './text';

/** The mend of quiet hours that are not valid. */
export const QUIET_HOURS_MEND = 'must be HH:MM-HH:MM with two different times from 00:00 to 23:59, or empty for off';

/** `HH:MM-HH:MM`, or empty for off (null). */
export const quietHours = parsed(QUIET_HOURS_MEND, parseQuietHours);
