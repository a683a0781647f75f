import { z } from 'zod';
import { folded } from '../domain/optOut';
import { laneSettings, timezone } from './laneSettings';

const WORDS_MEND = 'must be a list of at most 200 words, each of 1 to 64 characters with a letter or digit in it';

const words = z
  .array(
    z
      .string({ error: WORDS_MEND })
      .max(64, WORDS_MEND)
      .refine((word) => folded(word) !== '', WORDS_MEND),
    { error: WORDS_MEND },
  )
  .max(200, WORDS_MEND);

const TAGS_MEND = 'must be a list of at most 100 rules {tag, connectionId}';
const tagRule = z.strictObject(
  {
    tag: z.string({ error: 'must be a tag of GHL' }).trim().min(1, 'must be a tag of GHL').max(100, 'is too long'),
    connectionId: z.string({ error: "must be the id of one of the location's numbers" }).min(1).max(190),
  },
  { error: TAGS_MEND },
);

/**
 * What a location may set for itself; what is absent follows the bridge. An unknown name is refused: a setting that
 * nobody reads must not be taken in silence.
 */
export const locationSettingsSchema = z
  .strictObject({
    /** For all its connections that do not say otherwise. */
    ...laneSettings,
    /** In place of the one that GHL has for the location. */
    timezone,
    /** The words by which a contact opts out, in place of the bridge's; none: nobody can. */
    stopWords: words,
    /** The words by which a contact who has opted out is back. */
    startWords: words,
    /** Whom a number is for, where the location has several: the first rule whose tag a contact has decides. */
    tagConnections: z.array(tagRule, { error: TAGS_MEND }).max(100, TAGS_MEND),
    /** The number of contacts that have no number of their own yet; absent: the oldest. */
    defaultConnection: z.string({ error: "must be the id of one of the location's numbers" }).min(1).max(190),
    /** What a contact who opts out is told, once; empty: nothing. */
    stopConfirmation: z.string({ error: 'must be a text' }).trim().max(1_000, 'must be at most 1000 characters'),
  })
  .partial();

/** The settings that a location has of its own. */
export type LocationSettings = z.output<typeof locationSettingsSchema>;
