import { z } from 'zod';
import { followingSettings } from './groups/following';
import { ghlSettings } from './groups/ghl';
import { keepingSettings } from './groups/keeping';
import { sendingSettings } from './groups/sending';
import { serverSettings } from './groups/server';
import { temporalSettings } from './groups/temporal';
import { settingMeta, type SettingMeta } from './setting';

/** Every setting of the bridge, by its environment name; other names are ignored. */
export const settingsSchema = z.object({
  ...serverSettings,
  ...temporalSettings,
  ...ghlSettings,
  ...sendingSettings,
  ...followingSettings,
  ...keepingSettings,
});

/** The values of all settings, keyed by environment name. */
export type EnvValues = z.output<typeof settingsSchema>;

/** A row of the docs table. */
export type SettingRow = SettingMeta & { name: string };

/** Every setting with its meaning and default, in the order of the docs. */
export const SETTINGS_TABLE: readonly SettingRow[] = Object.entries(settingsSchema.shape).map(([name, schema]) => ({
  name,
  ...(settingMeta.get(schema) as SettingMeta),
}));
