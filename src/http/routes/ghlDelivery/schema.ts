import { z } from 'zod';
import type { DeliveryPost } from '../../../commands/planDelivery';
import { maybeId, maybeText, neededId, neededText, OBJECT_MEND } from '../../fields';

const emailTo = z.union([z.string(), z.array(z.string())], { error: 'must be an address or a list of them' }).nullish();

const attachments = z
  .array(z.string({ error: 'must be a text: the address of a file' }), { error: 'must be a list of addresses' })
  .nullish()
  .transform((list) => list ?? undefined);

/** Fields that only one type of message needs; a bad other field must not hide that they are missing. */
const NEEDED_BY_TYPE = [
  { type: 'SMS', field: 'phone', mend: 'is required for an SMS: the number to send to' },
  { type: 'Email', field: 'emailTo', mend: 'is required for an e-mail: the address to send to' },
] as const;

function lacks(body: unknown, type: string, field: string): boolean {
  if (typeof body !== 'object' || body === null) return false;
  const fields = body as Record<string, unknown>;
  const value = fields[field];
  const isBlank = value == null || (typeof value === 'string' && value.trim() === '') || hasNothing(value);
  return fields['type'] === type && isBlank;
}

function hasNothing(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

const fields = z.object(
  {
    locationId: neededId("GHL's id of the location"),
    messageId: neededId("GHL's id of the message"),
    contactId: neededId("GHL's id of the contact"),
    type: neededText('SMS, Email or Custom', 200),
    userId: maybeId,
    phone: maybeText,
    message: maybeText,
    attachments,
    emailTo,
    subject: maybeText,
    html: maybeText,
    replyToAltId: maybeText,
  },
  OBJECT_MEND,
);

/** GHL's ProviderOutboundMessage as far as it is used; fields that we do not know are no reason to refuse it. */
export const deliverySchema: z.ZodType<DeliveryPost> = NEEDED_BY_TYPE.reduce(
  (schema, { type, field, mend }) =>
    schema.refine(() => false, { path: [field], error: mend, when: ({ value }) => lacks(value, type, field) }),
  fields,
);
