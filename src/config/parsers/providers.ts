import { z } from 'zod';
import type { TextSchema } from '../setting';

const LIST = 'must be a JSON list: [{"id":"...","channel":"sms","mode":"custom","deliverySecrets":["..."]}]';

/** The secret is one segment of the Delivery URL, so only characters that need no escaping there. */
const deliverySecret = z
  .string({ error: 'must be a text' })
  .regex(/^[A-Za-z0-9._~-]+$/, 'must be letters, digits and . _ ~ - only: it is a part of the Delivery URL');

const provider = z.strictObject(
  {
    /** GHL's conversationProviderId. */
    id: z.string({ error: 'must be the conversationProviderId of GHL' }).min(1, 'must not be empty'),
    channel: z.enum(['sms', 'email', 'call'], { error: 'must be sms, email or call' }),
    /** default replaces the location's channel, custom is an extra one. */
    mode: z.enum(['default', 'custom'], { error: 'must be default or custom' }),
    /** As which type what arrives is posted under it; by its mode when absent. */
    inboundType: z.enum(['SMS', 'Custom'], { error: 'must be SMS or Custom' }).optional(),
    /** What may stand in the Delivery URL; several while rotating. */
    deliverySecrets: z
      .array(deliverySecret, { error: 'must be a list of texts' })
      .min(1, 'must hold at least one secret'),
  },
  { error: ({ code }) => (code === 'unrecognized_keys' ? 'has a field that is not known' : 'must be an object') },
);

/** One conversation provider of the GHL app. */
export type Provider = z.infer<typeof provider>;

function repeated(values: string[]): boolean {
  return new Set(values).size < values.length;
}

const providers = z
  .array(provider, { error: LIST })
  .min(1, 'must name at least one provider')
  .refine((list) => !repeated(list.map(({ id }) => id)), 'names one provider id twice')
  .refine(
    (list) => !repeated(list.flatMap(({ deliverySecrets }) => deliverySecrets)),
    'holds one delivery secret twice: a secret must name one provider',
  );

/** The providers as JSON. Our own message for broken JSON: the engine's quotes the text, which holds secrets. */
export const providerList: TextSchema<Provider[]> = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: LIST });
      return z.NEVER;
    }
  })
  .pipe(providers);
