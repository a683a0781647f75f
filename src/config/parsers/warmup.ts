import { parseWarmup } from '../../domain/ruleTexts';
import { parsed } from './text';

/** The mend of a warm-up that is not valid. */
export const WARMUP_MEND =
  'must be whole numbers from 1 up between commas, one a day (as 50,200,500), or empty for off';

/** Caps of the first days, or empty for off (`[]`). */
export const warmupDaily = parsed(WARMUP_MEND, parseWarmup);
