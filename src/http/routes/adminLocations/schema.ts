import { z } from 'zod';
import { locationSettingsSchema } from '../../../config/locationSettings';
import { OBJECT_MEND } from '../../fields';

type Shape = typeof locationSettingsSchema.shape;

const nullable = Object.entries(locationSettingsSchema.shape).map(([name, setting]) => [name, setting.nullable()]);

/** Settings to change: any of a location's own, or null for the bridge's. */
export const locationPatchSchema = z.strictObject(
  Object.fromEntries(nullable) as { [Name in keyof Shape]: z.ZodNullable<Shape[Name]> },
  OBJECT_MEND,
);
