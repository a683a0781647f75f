import type { ProbeResult } from '../../src/channels/gateway';
import { CONNECTION_STATES } from '../../src/domain/connectionState';
import { describeStores } from './describeStores';
import { connectInput, fresh, grantOf, openLine, OUTCOMES, typed } from './line';

const DAY = 24 * 3600 * 1000;
const HELD = CONNECTION_STATES.filter((state) => state !== 'connected');

describeStores('holding messages', (ledger) => {
  it.each(HELD)('holds everything on a number that is %s, and says why', async (state) => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.setConnection({ state });
    expect(await line.claim(message)).toMatchObject({
      kind: 'wait',
      reason: state,
      ms: 3 * DAY,
      text: expect.stringContaining('It is held') as string,
    });
    expect(await line.message(message)).toMatchObject({ state: 'waiting', hold_since: ledger().clock.now });
    await line.setConnection({ state: 'connected' });
    await line.record(await line.grant(message), { kind: 'accepted', gatewayId: 'held-no-more' });
    expect(await line.message(message)).toMatchObject({ state: 'sent', hold_since: null });
  });

  it('does not begin the wait anew for a number that says it is connected and does not send', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    for (const days of [0, 1, 2]) {
      await line.setConnection({ state: 'connected' });
      await line.record(await line.grant(message), OUTCOMES.quota);
      expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'quota', ms: (3 - days) * DAY });
      ledger().clock.advance(DAY);
    }
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'failed' });
    expect(await line.message(message)).toMatchObject({ reason: 'expired_while_held' });
  });

  it.each(['suspended', 'reauth_required'] as const)('holds what a location that is %s sends', async (state) => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await ledger().store.installations.setState(line.scope, state, 'told by GHL');
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: state, ms: 3 * DAY });
    const wakes = await ledger().store.installations.setState(line.scope, 'installed', null);
    expect(wakes.map((wake) => wake.messageId)).toEqual([message.messageId]);
    await line.grant(message);
  });

  it('cancels what an uninstalled location has not sent', async () => {
    const line = await openLine(ledger());
    const [first, second] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    await ledger().store.installations.setState(line.scope, 'uninstalled', null);
    const claim = await line.claim(first);
    expect(claim).toMatchObject({ kind: 'done', state: 'cancelled', wake: { messageId: second.messageId } });
    expect(await line.message(first)).toMatchObject({ state: 'cancelled', reason: 'uninstalled', open: 0 });
  });

  it('ends a message that was held too long, however often it was looked at meanwhile', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.setConnection({ state: 'relogin' });
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', ms: 3 * DAY });
    ledger().clock.advance(DAY);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', ms: 2 * DAY });
    ledger().clock.advance(2 * DAY - 1);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', ms: 1 });
    ledger().clock.advance(1);
    expect(await line.claim(message)).toMatchObject({ kind: 'done', state: 'failed' });
    expect(await line.message(message)).toMatchObject({ state: 'failed', reason: 'expired_while_held' });
  });

  it('begins the wait anew when the number could send in between', async () => {
    const line = await openLine(ledger());
    const [first, message] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    await line.setConnection({ state: 'relogin' });
    await line.claim(message);
    ledger().clock.advance(2 * DAY);
    await line.setConnection({ state: 'connected' });
    expect(await line.claim(message)).toMatchObject({ reason: 'behind' });
    await line.setConnection({ state: 'relogin' });
    ledger().clock.advance(2 * DAY);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'relogin', ms: 3 * DAY });
    expect((await line.message(first)).state).toBe('accepted');
  });

  it('begins the wait anew for one that slept while the number could send', async () => {
    const line = await openLine(ledger());
    const [, asleep] = [await line.accept({ to: 'anna' }), await line.accept({ to: 'ben' })];
    const probe = (result: ProbeResult) =>
      ledger().store.connections.recordProbe(line.scope, line.connectionId, result);
    await probe({ kind: 'held', state: 'relogin', text: 'Log in again.' });
    expect(await line.claim(asleep)).toMatchObject({ kind: 'wait', reason: 'relogin', ms: 3 * DAY });
    ledger().clock.advance(DAY);
    await probe({ kind: 'connected' });
    ledger().clock.advance(DAY);
    await probe({ kind: 'held', state: 'relogin', text: 'Log in again.' });
    ledger().clock.advance(DAY);
    expect(await line.claim(asleep)).toMatchObject({ kind: 'wait', reason: 'relogin', ms: 2 * DAY });
    ledger().clock.advance(2 * DAY);
    expect(await line.claim(asleep)).toMatchObject({ kind: 'done', state: 'failed' });
  });

  it('goes on by itself after a hold that another one of the number has seen', async () => {
    const line = await openLine(ledger());
    const message = await line.accept();
    await line.record(await line.grant(message), OUTCOMES.loggedOut);
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'relogin' });
    const probed = await ledger().store.connections.recordProbe(line.scope, line.connectionId, { kind: 'connected' });
    expect(probed).toMatchObject({ changedConnection: line.connectionId, wakes: [{ messageId: message.messageId }] });
    ledger().clock.now = await line.freeAt();
    await line.grant(message);
  });

  it('fails after 24 hours what no installation came for', async () => {
    const scope = { locationId: fresh('location') };
    const { messages } = ledger().store;
    const message = await messages.acceptOutbound(scope, typed());
    ledger().clock.advance(DAY - 1);
    expect(await messages.claimPart(scope, message.messageId)).toMatchObject({ kind: 'wait', ms: 1 });
    ledger().clock.advance(1);
    expect(await messages.claimPart(scope, message.messageId)).toMatchObject({ kind: 'done', state: 'failed' });
    const life = await messages.lifecycle(scope, message.messageId);
    expect(life).toMatchObject({ reason: 'not_installed_expired', tell: 'failed' });
  });

  it('sends after the install and the first number what was sent before', async () => {
    const scope = { locationId: fresh('location') };
    const { messages, installations, connections } = ledger().store;
    const message = await messages.acceptOutbound(scope, typed());
    await installations.install(scope, { companyId: null, grant: grantOf() });
    expect(await messages.claimPart(scope, message.messageId)).toMatchObject({ kind: 'wait', reason: 'no_connection' });
    const { connectionId, wakes } = await connections.connect(scope, connectInput());
    expect(wakes.map((wake) => wake.messageId)).toEqual([message.messageId]);
    expect(await messages.claimPart(scope, message.messageId)).toMatchObject({ kind: 'wait', reason: 'unverified' });
    const probed = await connections.recordProbe(scope, connectionId, { kind: 'connected' });
    expect(probed.wakes.map((wake) => wake.messageId)).toEqual([message.messageId]);
    expect(await messages.claimPart(scope, message.messageId)).toMatchObject({ kind: 'granted' });
  });

  it('wakes what waited for the install on a number that was connected first', async () => {
    const line = await openLine(ledger(), { installed: false });
    const message = await line.accept();
    expect(await line.claim(message)).toMatchObject({ kind: 'wait', reason: 'not_installed' });
    const { wakes } = await ledger().store.installations.install(line.scope, { companyId: null, grant: grantOf() });
    expect(wakes.map((wake) => wake.messageId)).toEqual([message.messageId]);
    await line.grant(message);
  });
});
