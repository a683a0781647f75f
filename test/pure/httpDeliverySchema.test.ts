import fc from 'fast-check';
import { LIMITS } from '../support/partLimits';
import { planDelivery } from '../../src/commands/planDelivery';
import type { Provider } from '../../src/config/parsers/providers';
import { outboundWorkflowId } from '../../src/domain/ids';
import { deliverySchema } from '../../src/http/routes/ghlDelivery/schema';

const FIELDS = ['locationId', 'messageId', 'contactId', 'type', 'userId', 'phone', 'message', 'attachments', 'emailTo'];
const PROVIDER: Provider = { id: 'p', channel: 'sms', mode: 'default', deliverySecrets: ['s'] };

/** Bodies that look right more often than not. */
const body = fc.dictionary(
  fc.constantFrom(...FIELDS),
  fc.oneof(
    fc.constantFrom<unknown>('SMS', 'Email', 'Custom', '', null, '+60123456789', ['a']),
    fc.string(),
    fc.jsonValue(),
  ),
);

test('whatever is posted, it is taken or every bad field is named, and nothing of it is repeated', () => {
  fc.assert(
    fc.property(fc.oneof(body, fc.jsonValue()), (posted) => {
      const result = deliverySchema.safeParse(posted);
      if (result.success) return;
      const { issues } = result.error;
      expect(issues.length).toBeGreaterThan(0);
      expect(new Set(issues.map(({ message, path }) => `${path.join('.')} ${message}`)).size).toBe(issues.length);
      for (const { message } of issues) expect(message).toMatch(/^(is required|must )/);
    }),
    { numRuns: 1_000 },
  );
});

test('whatever was taken can be planned: to be sent, or failed with its reason', () => {
  fc.assert(
    fc.property(body, (posted) => {
      const ids = { locationId: 'l', messageId: 'm', contactId: 'c' };
      const result = deliverySchema.safeParse({
        ...posted,
        ...ids,
        type: 'SMS',
        phone: posted['phone'] ?? '+60123456789',
      });
      if (!result.success) return;
      const plan = planDelivery(PROVIDER, result.data, { region: 'MY', limits: LIMITS, maxFiles: 30, chat: null });
      expect(plan.failure === undefined).toBe(plan.address !== null && plan.parts.length > 0);
    }),
    { numRuns: 1_000 },
  );
});

test('two of the longest ids make a workflow id that the store can hold', () => {
  const id = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength: 190,
  });
  const message = { contactId: 'c', type: 'SMS', phone: '1' };
  fc.assert(
    fc.property(id, id, (locationId, messageId) => {
      const taken = deliverySchema.safeParse({ ...message, locationId, messageId }).success;
      return !taken || outboundWorkflowId(locationId, messageId, 999).length <= 512;
    }),
    { numRuns: 500, examples: [[':'.repeat(190), '%'.repeat(190)]] },
  );
});
