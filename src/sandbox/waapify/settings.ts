import { z } from 'zod';

/** The switches of the stand-in gateway; each may be changed while it runs. */
const settingsSchema = z.strictObject({
  /** The form of a successful send; hosts differ. v2_duplicate_key has the key `message` twice. */
  successShape: z.enum(['v1', 'v2', 'v2_duplicate_key']),
  /** Raw PNG instead of JSON from getqrcode. */
  qrAs: z.enum(['json', 'png']),
  /** How check_phone says that a number is not on WhatsApp; nobody has published it. */
  negativeCheck: z.enum(['exists_false', 'empty_data', 'error']),
  /** `{a|b}` in a text is replaced by one of the choices, the first here (Waapify API behaviour). */
  spintax: z.boolean(),
  /** Fetch media_url as the real gateway does, and refuse what can't be fetched. */
  fetchMedia: z.boolean(),
  /** Longest path and query in bytes, else 414; 0: no limit. Web servers often stop at 8 KB. */
  maxUrlBytes: z.number().int().min(0),
  /** Numbers that a team's plan allows. */
  maxInstances: z.number().int().min(0),
  webhookTimeoutMs: z.number().int().min(1),
});

export const settingsPatchSchema = settingsSchema.partial();

export type WaapifySettings = z.output<typeof settingsSchema>;
export type WaapifySettingsPatch = z.input<typeof settingsPatchSchema>;

/** Returns the settings of a stand-in that nobody has changed. */
export function defaultSettings(): WaapifySettings {
  return {
    successShape: 'v1',
    qrAs: 'json',
    negativeCheck: 'exists_false',
    spintax: true,
    fetchMedia: false,
    maxUrlBytes: 0,
    maxInstances: 100,
    webhookTimeoutMs: 10_000,
  };
}
