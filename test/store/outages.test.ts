import { ALARM_MS, OUTAGE_MS, SETTLE_MS } from '../../src/domain/outage';
import { watchAlerts } from './alertWatch';
import { describeStores } from './describeStores';
import { fresh, openLine, type Line } from './line';

const PROVIDER = 'provider-1';

describeStores('outages', (ledger) => {
  const { round } = watchAlerts(ledger);
  const beat = () => ledger().store.outages.beat();
  const outagesOf = async ({ scope }: Line) =>
    await ledger().db.knex('outages').where({ location_id: scope.locationId }).orderBy('id');
  const kindsOf = async ({ scope }: Line) => {
    const rows = await ledger().db.knex('alerts').where({ location_id: scope.locationId }).orderBy('id');
    return rows.map(({ kind, detail, closed_at }) => `${kind} ${detail} ${closed_at === null ? 'open' : 'closed'}`);
  };

  it('are found by the first beat after a silence, once, for every location with a number', async () => {
    await beat();
    const line = await openLine(ledger());
    ledger().clock.advance(OUTAGE_MS - 1);
    await beat();
    expect(await outagesOf(line)).toEqual([]);
    const from = ledger().clock.now;
    ledger().clock.advance(OUTAGE_MS);
    expect(await beat()).toBeGreaterThan(0);
    expect(await beat()).toBe(0);
    const to = ledger().clock.now;
    expect(await outagesOf(line)).toMatchObject([{ connection_id: null, from_at: from, to_at: to, done_at: null }]);
  });

  it('are told at once with their end, each by itself, and for a day; one of a minute is only looked at', async () => {
    await beat();
    const line = await openLine(ledger());
    ledger().clock.advance(ALARM_MS - 1);
    await beat();
    await round();
    expect([(await outagesOf(line)).length, await kindsOf(line)]).toEqual([1, []]);
    ledger().clock.advance(ALARM_MS);
    await beat();
    const first = ledger().clock.now;
    await round();
    ledger().clock.advance(ALARM_MS);
    await beat();
    const second = ledger().clock.now;
    await round();
    expect(await kindsOf(line)).toEqual([`outage ${first} open`, `outage ${second} open`]);
    ledger().clock.now = first + 86_400_000;
    await round();
    expect(await kindsOf(line)).toEqual([`outage ${first} closed`, `outage ${second} open`]);
  });

  it('are looked at by one process, after GHL had time to post again', async () => {
    await beat();
    const line = await openLine(ledger());
    ledger().clock.advance(OUTAGE_MS);
    await beat();
    const mine = async () =>
      (await ledger().store.outages.takeDue(1_000)).filter((one) => one.location_id === line.scope.locationId);
    ledger().clock.advance(SETTLE_MS - 1);
    expect(await mine()).toEqual([]);
    ledger().clock.advance(1);
    const [outage] = await mine();
    expect(await mine()).toEqual([]);
    await ledger().store.outages.goOn(line.scope, outage!.id, {
      waitMs: 1_000,
      place: { lookedTo: 42, pass: 1, top: 7, floor: 3, cut: true },
    });
    ledger().clock.advance(1_000);
    expect(await mine()).toMatchObject([{ looked_to: 42, look_pass: 1, look_top: 7, look_floor: 3, look_cut: 1 }]);
    await ledger().store.outages.finish(line.scope, outage!.id, { retold: 1, unreceipted: 2, whole: true });
    ledger().clock.advance(86_400_000);
    expect(await mine()).toEqual([]);
    expect(await outagesOf(line)).toMatchObject([{ retold: 1, unreceipted: 2, whole: 1 }]);
  });

  it('of a number are noted on its return, not after a short break', async () => {
    const line = await openLine(ledger());
    const probe = (result: 'lost' | 'back') =>
      ledger().store.connections.recordProbe(
        line.scope,
        line.connectionId,
        result === 'back' ? { kind: 'connected' } : { kind: 'held', state: 'relogin', text: '' },
      );
    await probe('lost');
    ledger().clock.advance(OUTAGE_MS - 1);
    await probe('back');
    expect(await outagesOf(line)).toEqual([]);
    await probe('lost');
    const from = ledger().clock.now;
    ledger().clock.advance(OUTAGE_MS);
    await probe('back');
    expect(await outagesOf(line)).toMatchObject([{ connection_id: line.connectionId, from_at: from }]);
  });

  it('make due again what GHL was not told, of the location alone', async () => {
    const [line, other] = [await openLine(ledger()), await openLine(ledger())];
    const [behind, known, elsewhere] = [await line.accept(), await line.accept({ to: 'ben' }), await other.accept()];
    for (const [at, message] of [
      [line, behind],
      [line, known],
      [other, elsewhere],
    ] as const) {
      await at.receipt(await at.send(message), 'delivered');
      await ledger().store.messages.giveUpTelling(at.scope, message.messageId);
    }
    await ledger().store.messages.markTold(line.scope, known.messageId, 'delivered');
    expect(await ledger().store.outages.retell(line.scope, ledger().clock.now)).toBe(1);
    expect((await line.message(behind)).tell_due_at).toBe(ledger().clock.now);
    expect((await line.message(known)).tell_due_at).toBeNull();
    expect((await other.message(elsewhere)).tell_due_at).toBeNull();
  });

  it('make that due also among more than are looked at in one go which GHL knows', async () => {
    const line = await openLine(ledger());
    const behind = await line.accept();
    await line.receipt(await line.send(behind), 'delivered');
    await ledger().store.messages.giveUpTelling(line.scope, behind.messageId);
    const row = await line.message(behind);
    const told = Array.from({ length: 1_001 }, (_, n) => {
      const key = fresh('known');
      const names = { id: `0${n}-${key}`, source_key: key, message_key: key, ghl_message_id: key };
      return { ...row, ...names, told: 'delivered', state_since: row.state_since - 1 };
    });
    for (let at = 0; at < told.length; at += 20)
      await ledger()
        .db.knex('messages')
        .insert(told.slice(at, at + 20));
    expect(await ledger().store.outages.retell(line.scope, ledger().clock.now)).toBe(1);
    expect((await line.message(behind)).tell_due_at).toBe(ledger().clock.now);
  });

  it('count what has had no receipt for too long', async () => {
    const line = await openLine(ledger());
    await line.send(await line.accept());
    await line.receipt(await line.send(await line.accept({ to: 'ben' })), 'delivered');
    const count = () => ledger().store.outages.countUnreceipted(line.scope, line.connectionId);
    expect(await count()).toBe(0);
    ledger().clock.advance(600_001);
    expect(await count()).toBe(1);
  });

  describe('what stands in GHL', () => {
    const fact = (ghlId: string, more: object = {}) => ({
      ...{ kind: 'message' as const, ghlId, direction: 'outbound', status: 'pending', providerId: PROVIDER },
      ...{ contactId: 'contact-anna', at: 5_000 },
      ...more,
    });
    const missed = async ({ scope }: Line) =>
      (await ledger().store.ghlFacts.unreceived(scope, { from: 0, to: 10_000, providerIds: [PROVIDER] })).map(
        ({ ghlMessageId }) => ghlMessageId,
      );

    it('and not in the ledger is what never came: outbound, pending, of our providers, of that time', async () => {
      const line = await openLine(ledger());
      const ours = fresh('ghl');
      await line.accept({ messageKey: ours });
      await ledger().store.ghlFacts.note(line.scope, [
        fact('NEVER-CAME'),
        fact(ours),
        fact('IN', { direction: 'inbound' }),
        fact('LOGGED', { status: 'sent' }),
        fact('FOREIGN', { providerId: 'another' }),
        fact('LATER', { at: 20_000 }),
      ]);
      expect(await missed(line)).toEqual(['NEVER-CAME']);
      await line.accept({ messageKey: 'NEVER-CAME' });
      expect(await missed(line)).toEqual([]);
    });

    it('is noted once, with what was said last, and never for a location that nobody installed', async () => {
      const line = await openLine(ledger());
      await ledger().store.ghlFacts.note(line.scope, [fact('M-1')]);
      const seenAt = ledger().clock.now;
      ledger().clock.advance(1_000);
      await ledger().store.ghlFacts.note(line.scope, [fact('M-1', { status: 'delivered' })]);
      const rows = await ledger().db.knex('ghl_facts').where({ location_id: line.scope.locationId });
      expect(rows).toMatchObject([{ status: 'delivered', seen_at: seenAt, updated_at: seenAt + 1_000 }]);
      const nobody = { locationId: fresh('nobody') };
      expect(await ledger().store.ghlFacts.note(nobody, [fact('M-2')])).toBe(false);
    });

    it('keeps what it has said where a later event is silent', async () => {
      const line = await openLine(ledger());
      const { note } = ledger().store.ghlFacts;
      await note(line.scope, [fact('M-1')]);
      await note(line.scope, [{ kind: 'message', ghlId: 'M-1', source: 'app' }]);
      const rows = await ledger().db.knex('ghl_facts').where({ location_id: line.scope.locationId });
      expect(rows).toMatchObject([{ status: 'pending', provider_id: PROVIDER, source: 'app', at: 5_000 }]);
      expect(await missed(line)).toEqual(['M-1']);
    });

    it('is forgotten by age', async () => {
      const line = await openLine(ledger());
      await ledger().store.ghlFacts.note(line.scope, [fact('OLD')]);
      ledger().clock.advance(1_001);
      await ledger().store.ghlFacts.expire(1_000);
      expect(await ledger().db.knex('ghl_facts').where({ location_id: line.scope.locationId })).toEqual([]);
    });
  });
});
