import { lidAddress } from '../../src/domain/address';
import { describeStores } from './describeStores';
import { addressOf, fresh, openLine, type Line } from './line';

const DAY_MS = 86_400_000;
let lids = 0;

describeStores('an opt-out that was said under a hidden identity', (ledger) => {
  const newLid = () => `${ledger().clock.now}${++lids}`;
  const say = (line: Line, text: string, from = addressOf('anna')) => {
    ledger().clock.advance(1_000);
    return ledger().store.messages.acceptInbound(line.scope, { ...line.inbound({ text }), from });
  };
  const learn = (line: Line, lid: string) =>
    ledger().store.identities.learn(line.scope, line.connectionId, [{ lid, phone: addressOf('anna') }]);
  const isRefused = async (line: Line) => {
    const message = await line.accept({ contactId: fresh('contact-anew') });
    return (await line.claim(message)).kind === 'done' && (await line.message(message)).reason === 'opted_out';
  };
  const pairs = ({ scope }: Line) => ledger().db.knex('identities').where({ location_id: scope.locationId });
  const rows = ({ scope }: Line) =>
    ledger().db.knex('opt_outs').where({ location_id: scope.locationId }).orderBy('said_at');

  it('holds for the number as soon as that is learnt, whatever becomes of the pair', async () => {
    const line = await openLine(ledger());
    const lid = newLid();
    await say(line, 'STOP', lidAddress(lid));
    await learn(line, lid);
    await pairs(line).delete();
    expect(await isRefused(line)).toBe(true);
    // What follows from it is due once: where it was said.
    expect((await rows(line)).map((row) => row.dnd_due)).toEqual(expect.arrayContaining([0, 1]));
  });

  it('outlives the erasure of the contact', async () => {
    const line = await openLine(ledger());
    const lid = newLid();
    await learn(line, lid);
    const stop = await say(line, 'STOP', lidAddress(lid));
    const posted = { ghlMessageId: fresh('ghl'), contactId: 'contact-anna', conversationId: null };
    await ledger().store.messages.recordPosted((await line.grant(stop)).claim, { kind: 'posted', ...posted });
    await ledger().store.erasure.erase(line.scope, { contactId: 'contact-anna' });
    expect(await pairs(line)).toEqual([]);
    expect(await isRefused(line)).toBe(true);
  });

  it('outlives the erasure of the location', async () => {
    const line = await openLine(ledger());
    const lid = newLid();
    await learn(line, lid);
    await say(line, 'STOP', lidAddress(lid));
    await ledger().store.erasure.erase(line.scope, {});
    expect(await isRefused(line)).toBe(true);
  });

  it('outlives the number on which it was said', async () => {
    const { store, clock } = ledger();
    const line = await openLine(ledger());
    const lid = newLid();
    await learn(line, lid);
    const stop = await say(line, 'STOP', lidAddress(lid));
    const posted = { ghlMessageId: fresh('ghl'), contactId: 'contact-anna', conversationId: null };
    await store.messages.recordPosted((await line.grant(stop)).claim, { kind: 'posted', ...posted });
    const event = { id: fresh('event'), type: 'UNINSTALL', ...line.scope, companyId: null, planId: null };
    await store.appEvents.apply({ ...event, at: clock.now });
    clock.advance(31 * DAY_MS);
    expect(await store.connections.purge(30 * DAY_MS)).toBeGreaterThan(0);
    expect(await pairs(line)).toEqual([]);
    expect(await isRefused(await openLine(ledger(), { scope: line.scope }))).toBe(true);
  });

  it('does not undo a later START of the number, but a START does an earlier STOP', async () => {
    const [line, other] = [await openLine(ledger()), await openLine(ledger())];
    const [lid, otherLid] = [newLid(), newLid()];
    await say(line, 'STOP', lidAddress(lid));
    await say(line, 'STOP');
    await say(line, 'START');
    await learn(line, lid);
    await pairs(line).delete();
    expect(await isRefused(line)).toBe(false);
    await say(other, 'STOP');
    await say(other, 'START', lidAddress(otherLid));
    await learn(other, otherLid);
    await pairs(other).delete();
    expect(await isRefused(other)).toBe(false);
  });

  it('is told anew of a merge also while its first telling is under way', async () => {
    const line = await openLine(ledger());
    const { store, clock } = ledger();
    const lid = newLid();
    await learn(line, lid);
    await say(line, 'STOP', lidAddress(lid));
    const taskOf = async () =>
      (await store.optOuts.takeDue(100)).find((one) => one.locationId === line.scope.locationId);
    const first = (await taskOf())!;
    const [identity] = await pairs(line);
    await store.identities.finishMerge(line.scope, identity.id, null);
    await store.optOuts.finish(first, { confirmed: true, told: true });
    const second = (await taskOf())!;
    expect(second).toMatchObject({ state: 'out', dnd: true });
    // Who comes back after somebody else has taken it up changes nothing.
    clock.advance(60_000);
    const third = (await taskOf())!;
    await store.optOuts.finish(second, { confirmed: true, told: true });
    expect(await taskOf()).toBeUndefined();
    await store.optOuts.finish(third, { confirmed: true, told: true });
    clock.advance(60_000);
    expect(await taskOf()).toBeUndefined();
  });
});
