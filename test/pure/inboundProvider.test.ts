import { inboundProvider, inboundType } from '../../activities/provider';
import { providerList } from '../../src/config/parsers/providers';

const of = (id: string, more: object = {}) => ({ id, channel: 'sms', mode: 'custom', deliverySecrets: [id], ...more });
const settings = (...list: object[]) => ({ ghlProviders: providerList.parse(JSON.stringify(list)) });
const both = settings(of('extra'), of('main', { mode: 'default' }), of('mail', { channel: 'email' }));

test.each<[string, ReturnType<typeof settings>, string | null, string]>([
  ['the one of the last exchange', both, 'extra', 'extra'],
  ["the location's default without an exchange", both, null, 'main'],
  ["the location's default behind one that is gone", both, 'was-deleted', 'main'],
  ["the location's default behind an e-mail", both, 'mail', 'main'],
  ['the first one without a default', settings(of('a'), of('b')), null, 'a'],
])('what arrives is posted under %s', (_what, given, last, expected) => {
  expect(inboundProvider(given, last).id).toBe(expected);
});

test('without an SMS provider it waits', () => {
  expect(() => inboundProvider(settings(of('mail', { channel: 'email' })), null)).toThrow(
    expect.objectContaining({ code: 'no_provider', retry: 'later' }),
  );
});

test.each([
  [of('main', { mode: 'default' }), 'SMS'],
  [of('extra'), 'Custom'],
  [of('extra', { inboundType: 'SMS' }), 'SMS'],
  [of('main', { mode: 'default', inboundType: 'Custom' }), 'Custom'],
])('the type of a post is by the mode of its provider, or as the setting says', (provider, type) => {
  expect(inboundType(settings(provider).ghlProviders[0]!)).toBe(type);
});
