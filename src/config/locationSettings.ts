import { z } from 'zod';
import { folded } from '../domain/optOut';

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

/**
 * What a location may set for itself; what is absent follows the bridge. An unknown name is refused: a setting that
 * nobody reads must not be taken in silence.
 */
export const locationSettingsSchema = z
  .strictObject({
    /** The words by which a contact opts out, in place of the bridge's; none: nobody can. */
    stopWords: words,
    /** The words by which a contact who has opted out is back. */
    startWords: words,
    /** What a contact who opts out is told, once; empty: nothing. */
    stopConfirmation: z.string({ error: 'must be a text' }).trim().max(1_000, 'must be at most 1000 characters'),
  })
  .partial();

/** The settings that a location has of its own. */
export type LocationSettings = z.output<typeof locationSettingsSchema>;
