import { z } from 'zod';

const count = z.number().int().min(1);
const milliseconds = z.number().int().min(0);

const rateLimitSchema = z.strictObject({ enforce: z.boolean(), max: count, intervalMs: count, daily: count });
const retrySchema = z.strictObject({
  policy: z.enum(['none', 'only_429', 'any_failure']),
  delaysMs: z.array(milliseconds),
});

/** The switches of the stand-in GHL; each may be changed while it runs. */
const settingsSchema = z.strictObject({
  /** How long after its creation a message refuses status updates with 403. GHL: 5 to 10 s, observed. */
  statusWindowMs: milliseconds,
  /** Life of an access token in seconds. */
  expiresInS: count,
  /** How long a spent refresh token answers the same pair again (GHL changelog: 30 s). */
  refreshReuseMs: milliseconds,
  /** How long a new conversation stays invisible to the search (GHL API issue 5: index lag). */
  searchLagMs: milliseconds,
  /** Whether lists of messages tell the altId (GHL API issue 38: yes since 2025; the spec has it nowhere). */
  listsAltId: z.boolean(),
  /** GHL docs, rate limits: 100 in 10 s and 200,000 a day for each location. */
  rateLimit: rateLimitSchema,
  /** Which failed webhooks are posted again, and after how long each time; GHL published three policies in a year. */
  retry: retrySchema,
  /** How long a post to the bridge waits for its answer. */
  deliveryTimeoutMs: count,
  /** Whether `state` comes back from the authorization page; GHL does not document that it does. */
  returnState: z.boolean(),
  /** Whether messages are told by app events too (an app may subscribe to InboundMessage and OutboundMessage). */
  messageEvents: z.boolean(),
});

/** Some of the settings, for a change. */
export const settingsPatchSchema = settingsSchema
  .extend({ rateLimit: rateLimitSchema.partial(), retry: retrySchema.partial() })
  .partial();

export type GhlSettings = z.output<typeof settingsSchema>;
export type GhlSettingsPatch = z.input<typeof settingsPatchSchema>;

/** Returns the settings of a stand-in that nobody has changed. */
export function defaultSettings(): GhlSettings {
  return {
    statusWindowMs: 0,
    expiresInS: 86_399,
    refreshReuseMs: 30_000,
    searchLagMs: 0,
    listsAltId: true,
    rateLimit: { enforce: true, max: 100, intervalMs: 10_000, daily: 200_000 },
    retry: { policy: 'none', delaysMs: [100, 200, 400] },
    deliveryTimeoutMs: 30_000,
    returnState: true,
    messageEvents: false,
  };
}

/** Changes the given settings in place. */
export function changeSettings(settings: GhlSettings, { rateLimit, retry, ...patch }: GhlSettingsPatch): void {
  Object.assign(settings, patch);
  Object.assign(settings.rateLimit, rateLimit);
  Object.assign(settings.retry, retry);
}
