import { z } from 'zod';
import { laneSettings } from './laneSettings';

/**
 * What a connection may set for itself; what is absent follows its location, and then the environment. An unknown name is
 * refused: a setting that nobody reads must not be taken in silence.
 */
export const connectionSettingsSchema = z
  .strictObject({
    ...laneSettings,
    /** True: groups get contacts in GHL, too. */
    groups: z.boolean({ error: 'must be true or false' }),
    /** Conversation providers that this number is kept for; absent: for all that have no number of their own. */
    providers: z.array(z.string().min(1).max(190), { error: 'must be a list of provider ids' }).min(1).max(20),
  })
  .partial();

/** The settings that a connection has of its own. */
export type ConnectionSettings = z.output<typeof connectionSettingsSchema>;
