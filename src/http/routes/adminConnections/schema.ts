import { z } from 'zod';
import { connectionSettingsSchema } from '../../../config/connectionSettings';
import { operatorAddress } from '../../../config/parsers/address';
import { neededId, neededText, OBJECT_MEND } from '../../fields';

/** What connects a number. Strict: a mistyped name of an optional field must not be dropped in silence. */
export const connectSchema = z.strictObject(
  {
    locationId: neededId("GHL's id of the location"),
    instanceId: neededId("the gateway's id of the number"),
    token: neededText('the access token of the gateway', 500).regex(/^\S*$/, 'must not hold spaces').optional(),
    number: z.string({ error: 'must be a text, or left out' }).max(64, 'must be at most 64 characters').optional(),
    baseUrl: operatorAddress.optional(),
    dialect: z.enum(['php-v1', 'slash-v2'], { error: 'must be php-v1 or slash-v2, or left out' }).optional(),
  },
  OBJECT_MEND,
);

export type ConnectBody = z.infer<typeof connectSchema>;

const nullable = Object.entries(connectionSettingsSchema.shape).map(([name, setting]) => [name, setting.nullable()]);

/** Settings to change: any of a connection's own, or null for the bridge's. */
export const settingsPatchSchema = z.strictObject(
  Object.fromEntries(nullable) as { [Name in keyof ConnectionShape]: z.ZodNullable<ConnectionShape[Name]> },
  OBJECT_MEND,
);

type ConnectionShape = typeof connectionSettingsSchema.shape;
