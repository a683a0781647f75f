import { z } from 'zod';
import type { ExternalAuthFields } from '../../../commands/externalAuthPlan';
import { neededId, neededText, OBJECT_MEND } from '../../fields';

/** What stands in the place of a value that GHL, or the person, left out. */
const NOTHING = new Set(['', 'null', 'undefined']);

/** A value without the white space that is copied along; undefined for nothing. Numbers may come without quotes. */
function given(value: unknown): unknown {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string') return text ?? undefined;
  return NOTHING.has(text.trim()) ? undefined : text.trim();
}

/** A list, or a text that means one: a single id, ids between commas, all of it in brackets or braces. */
function listed(value: unknown): unknown {
  const known = given(value);
  if (Array.isArray(known)) return known.map(given).filter((one) => one !== undefined);
  if (typeof known === 'string') return split(known);
  const isEmptySet = typeof known === 'object' && known !== null && Object.keys(known).length === 0;
  return known === undefined || isEmptySet ? [] : known;
}

function split(text: string): unknown[] {
  const [, inside] = /^(?:\{(?!\{)|\[)(.*)[}\]]$/s.exec(text) ?? [];
  const items = (inside ?? text).split(',').map((item) => given(item.trim().replace(/^"(.*)"$/s, '$1')));
  return items.filter((item) => item !== undefined);
}

/** Signs of a placeholder that nobody filled in, or of a list in the place of an id. */
const NO_PLACEHOLDER = /^[^{}[\]",]*$/;

const plainId = (meaning: string) =>
  neededId(meaning).regex(NO_PLACEHOLDER, 'must be an id, not a placeholder that was not filled in');

const locations = z
  .preprocess(listed, z.array(plainId("GHL's id of a location"), { error: 'must be a list of location ids' }))
  .transform((ids) => [...new Set(ids)]);

const approve = z.preprocess(
  (value) => {
    const known = given(value);
    return typeof known === 'string' ? known.toLowerCase() : (known ?? false);
  },
  z.union([z.boolean(), z.literal('true').transform(() => true), z.literal('false').transform(() => false)], {
    error: 'must be true or false',
  }),
);

/** GHL's external authentication: three fields that a person typed, and whom they are for (GHL docs). */
export const externalAuthSchema: z.ZodType<ExternalAuthFields> = z
  .object(
    {
      access_token: z.preprocess(
        given,
        neededText('the access token of the WhatsApp gateway', 500).regex(/^\S*$/, 'must not hold spaces'),
      ),
      instance_id: z.preprocess(given, plainId('the instance id of the number, from the panel of the gateway')),
      whatsapp_number: z.preprocess(given, neededText('the WhatsApp number, with + and its country code', 64)),
      companyId: z.preprocess(given, plainId("GHL's id of the company").optional()),
      locationId: locations,
      approveAllLocations: approve,
      excludedLocations: locations,
    },
    OBJECT_MEND,
  )
  .transform((body) => ({
    accessToken: body.access_token,
    instanceId: body.instance_id,
    number: body.whatsapp_number,
    companyId: body.companyId,
    locationIds: body.locationId,
    approveAll: body.approveAllLocations,
    excludedIds: body.excludedLocations,
  }));
