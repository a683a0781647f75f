import { parsePace } from '../../domain/ruleTexts';
import { parsed } from './text';

/** The mend of a pace that is not valid. */
export const PACE_MEND = 'must be min-max in milliseconds, the smaller first, at most 3600000 (as 5000-12000)';

/** A `min-max` gap in milliseconds. */
export const pace = parsed(PACE_MEND, parsePace);
