import { planDelivery, type DeliveryPost, type PlanFacts } from '../../src/commands/planDelivery';
import { lidAddress } from '../../src/domain/address';
import { LIMITS } from '../support/partLimits';

const PROVIDER = { id: 'p1', channel: 'sms' as const, mode: 'custom' as const, deliverySecrets: ['s'] };
const GROUP = { channel: 'whatsapp' as const, value: '120363000000000001@g.us' };
const ANNA = { channel: 'whatsapp' as const, value: '+60123456789' };
const BEN = '+60198765432';

function plan(phone: string | undefined, chat: PlanFacts['chat']) {
  const post: DeliveryPost = {
    locationId: 'l',
    messageId: 'm',
    contactId: 'c',
    type: 'Custom',
    phone,
    message: 'Hello',
  };
  return planDelivery(PROVIDER, post, { region: 'MY', limits: LIMITS, maxFiles: 30, chat });
}

describe('a message to a contact that is no phone number', () => {
  it.each([undefined, BEN, '120363000000000001'])(
    'of a group goes to the group, whatever its phone says: %j',
    (phone) => {
      const planned = plan(phone, { address: GROUP, connectionId: 'connection-1' });
      expect(planned).toMatchObject({ address: GROUP, connectionId: 'connection-1', failure: undefined });
    },
  );

  it('goes to the number that was learnt of a hidden identity', () => {
    const planned = plan(undefined, { address: ANNA, connectionId: 'connection-1' });
    expect(planned).toMatchObject({ address: ANNA, failure: undefined });
    expect(planned.connectionId).toBeUndefined();
  });

  it('goes to the phone that somebody has put into the contact', () => {
    expect(plan(BEN, { address: lidAddress('27561'), connectionId: 'c1' })).toMatchObject({
      address: { channel: 'whatsapp', value: BEN },
      failure: undefined,
    });
  });

  it('of a hidden identity alone fails, and says what to do', () => {
    const planned = plan(undefined, { address: lidAddress('27561'), connectionId: 'c1' });
    expect(planned).toMatchObject({ address: null, failure: { reason: 'number_hidden' } });
  });

  it('of nobody that is known fails for its phone', () => {
    expect(plan(undefined, null)).toMatchObject({ address: null, failure: { reason: 'phone_missing' } });
  });
});
