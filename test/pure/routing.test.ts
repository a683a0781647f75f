import fc from 'fast-check';
import { routeOf } from '../../src/domain/routing';

const connection = fc.record({ id: fc.uuid(), channel: fc.constantFrom('whatsapp', 'email', 'test') });

describe('routeOf', () => {
  const connections = [
    { id: 'mail', channel: 'email' },
    { id: 'old', channel: 'whatsapp' },
    { id: 'new', channel: 'whatsapp' },
  ];

  it('takes the oldest connection of the channel', () => {
    expect(routeOf({ channel: 'whatsapp', connections, unfinishedOn: null })).toBe('old');
  });

  it('stays where the contact has unfinished messages', () => {
    expect(routeOf({ channel: 'whatsapp', connections, unfinishedOn: 'new' })).toBe('new');
  });

  it('does not stay on another channel, nor on a connection that is gone', () => {
    expect(routeOf({ channel: 'whatsapp', connections, unfinishedOn: 'mail' })).toBe('old');
    expect(routeOf({ channel: 'whatsapp', connections, unfinishedOn: 'gone' })).toBe('old');
  });

  it('never leaves the channel, and finds one whenever there is one', () => {
    fc.assert(
      fc.property(fc.array(connection), fc.option(fc.uuid()), (all, unfinishedOn) => {
        const chosen = routeOf({ channel: 'whatsapp', connections: all, unfinishedOn });
        const fit = all.filter((one) => one.channel === 'whatsapp').map((one) => one.id);
        expect(fit.length === 0 ? [null] : fit).toContain(chosen);
      }),
    );
  });
});
