import fc from 'fast-check';
import { routeOf } from '../../src/domain/routing';

const connection = fc.record(
  {
    id: fc.uuid(),
    channel: fc.constantFrom('whatsapp', 'email', 'test'),
    providers: fc.array(fc.constantFrom('sms', 'custom'), { minLength: 1 }),
  },
  { requiredKeys: ['id', 'channel'] },
);

describe('routeOf', () => {
  const connections = [
    { id: 'mail', channel: 'email' },
    { id: 'old', channel: 'whatsapp' },
    { id: 'new', channel: 'whatsapp' },
    { id: 'extra', channel: 'whatsapp', providers: ['custom'] },
  ];
  const route = (providerId: string | null, unfinishedOn: string | null = null) =>
    routeOf({ channel: 'whatsapp', providerId, connections, unfinishedOn });

  it('takes the oldest connection of the channel', () => {
    expect(route('sms')).toBe('old');
    expect(route(null)).toBe('old');
  });

  it('takes the one that is kept for the provider, and leaves it to that provider', () => {
    expect(route('custom')).toBe('extra');
    expect(route('sms', 'extra')).toBe('old');
    const onlyExtra = connections.filter(({ id }) => id === 'extra');
    expect(routeOf({ channel: 'whatsapp', providerId: 'sms', connections: onlyExtra, unfinishedOn: null })).toBeNull();
  });

  it('stays where the contact has unfinished messages', () => {
    expect(route('sms', 'new')).toBe('new');
    expect(route('custom', 'new')).toBe('new');
  });

  it('does not stay on another channel, nor on a connection that is gone', () => {
    expect(route('sms', 'mail')).toBe('old');
    expect(route('sms', 'gone')).toBe('old');
  });

  it('never leaves the channel or takes what is kept for others, and finds one whenever there is one', () => {
    fc.assert(
      fc.property(fc.array(connection), fc.option(fc.uuid()), (all, unfinishedOn) => {
        const chosen = routeOf({ channel: 'whatsapp', providerId: 'sms', connections: all, unfinishedOn });
        const mine = all.filter(({ providers }) => providers === undefined || providers.includes('sms'));
        const fit = mine.filter((one) => one.channel === 'whatsapp').map((one) => one.id);
        expect(fit.length === 0 ? [null] : fit).toContain(chosen);
      }),
    );
  });
});
