import fc from 'fast-check';
import { routeOf, type Route, type RoutingFacts } from '../../src/domain/routing';

const CONNECTIONS = [
  { id: 'mail', channel: 'email' },
  { id: 'old', channel: 'whatsapp' },
  { id: 'new', channel: 'whatsapp' },
  { id: 'extra', channel: 'whatsapp', providers: ['custom'] },
];
const VIP = { tag: 'VIP', connectionId: 'new' };

function route(more: Partial<RoutingFacts> = {}): Route {
  return routeOf({
    channel: 'whatsapp',
    providerId: 'sms',
    connections: CONNECTIONS,
    unfinishedOn: null,
    lastOn: null,
    tags: null,
    ...more,
    rules: { tagConnections: [], defaultConnection: null, ...more.rules },
  });
}
const on = (connectionId: string): Route => ({ kind: 'on', connectionId });
const rules = (more: Partial<RoutingFacts['rules']>) => ({ tagConnections: [], defaultConnection: null, ...more });

describe('routeOf', () => {
  it('takes the oldest connection of the channel where nothing else is said', () => {
    expect(route()).toEqual(on('old'));
    expect(route({ providerId: null })).toEqual(on('old'));
  });

  it('takes the one that is kept for the provider, and leaves it to that provider', () => {
    expect(route({ providerId: 'custom' })).toEqual(on('extra'));
    expect(route({ unfinishedOn: 'extra' })).toEqual(on('old'));
    const onlyExtra = CONNECTIONS.filter(({ id }) => id === 'extra');
    expect(route({ connections: onlyExtra })).toEqual({ kind: 'none' });
  });

  it('stays where the contact has unfinished messages, whatever else is said', () => {
    expect(route({ unfinishedOn: 'new' })).toEqual(on('new'));
    expect(route({ unfinishedOn: 'new', providerId: 'custom' })).toEqual(on('new'));
    expect(route({ unfinishedOn: 'old', lastOn: 'new', rules: rules({ tagConnections: [VIP] }) })).toEqual(on('old'));
  });

  it('does not stay on another channel, nor on a connection that is gone', () => {
    expect(route({ unfinishedOn: 'mail' })).toEqual(on('old'));
    expect(route({ unfinishedOn: 'gone', lastOn: 'gone' })).toEqual(on('old'));
  });

  it("answers on the contact's last number, before tags and default", () => {
    const all = rules({ tagConnections: [VIP], defaultConnection: 'new' });
    expect(route({ lastOn: 'old', tags: ['vip'], rules: all })).toEqual(on('old'));
    // A provider's own number is what its sender has chosen.
    expect(route({ lastOn: 'old', providerId: 'custom' })).toEqual(on('extra'));
  });

  it('takes the first rule whose tag the contact has, else the default, else the oldest', () => {
    const two = rules({ tagConnections: [{ tag: 'gold', connectionId: 'old' }, VIP], defaultConnection: 'new' });
    expect(route({ tags: [' vip '], rules: two })).toEqual(on('new'));
    expect(route({ tags: ['vip', 'Gold'], rules: two })).toEqual(on('old'));
    expect(route({ tags: [], rules: two })).toEqual(on('new'));
    expect(route({ tags: [], rules: rules({ tagConnections: [VIP], defaultConnection: 'gone' }) })).toEqual(on('old'));
  });

  it('asks for tags only where they decide', () => {
    const vip = rules({ tagConnections: [VIP] });
    expect(route({ rules: vip })).toEqual({ kind: 'ask' });
    expect(route({ rules: vip, lastOn: 'new' })).toEqual(on('new'));
    expect(route({ rules: vip, providerId: 'custom' })).toEqual(on('extra'));
    const one = CONNECTIONS.filter(({ id }) => id === 'new');
    expect(route({ rules: vip, connections: one })).toEqual(on('new'));
    expect(route({ rules: rules({ tagConnections: [{ tag: 'x', connectionId: 'mail' }] }) })).toEqual(on('old'));
  });

  const connection = fc.record(
    {
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      channel: fc.constantFrom('whatsapp', 'email', 'test'),
      providers: fc.array(fc.constantFrom('sms', 'custom'), { minLength: 1 }),
    },
    { requiredKeys: ['id', 'channel'] },
  );
  const some = fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'gone'));

  it('never leaves the channel or takes what is kept for others, and finds one whenever there is one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(connection, { selector: ({ id }) => id }),
        fc.record({ unfinishedOn: some, lastOn: some, defaultConnection: some, by: some }),
        fc.option(fc.subarray(['vip', 'other'])),
        (all, { unfinishedOn, lastOn, defaultConnection, by }, tags) => {
          const tagConnections = by === null ? [] : [{ tag: 'vip', connectionId: by }];
          const set = rules({ tagConnections, defaultConnection });
          const chosen = route({ connections: all, unfinishedOn, lastOn, tags, rules: set });
          const mine = all.filter(({ providers }) => providers === undefined || providers.includes('sms'));
          const fit = mine.filter((one) => one.channel === 'whatsapp').map((one) => one.id);
          const ways = fit.map(on);
          const asks: Route[] = tags === null && fit.length > 1 ? [{ kind: 'ask' }] : [];
          expect(fit.length === 0 ? [{ kind: 'none' }] : [...ways, ...asks]).toContainEqual(chosen);
        },
      ),
    );
  });
});
