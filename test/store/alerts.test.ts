import { watchAlerts } from './alertWatch';
import { describeStores } from './describeStores';
import { fresh, grantOf, openLine, type Line } from './line';

const ALERT_AFTER_MS = 600_000;

describeStores('alerts', (ledger) => {
  const { round, alertsOf, postsOf, probe } = watchAlerts(ledger);
  const tellsOf = async ({ scope }: Line, what: string) => {
    const rows = await ledger().db.knex('alert_tells').where({ location_id: scope.locationId, what }).orderBy('id');
    return rows.map(({ phase, contact_id, state }) => `${phase} ${contact_id} ${state}`);
  };

  describe('of a number that is down', () => {
    it('opens after ALERT_AFTER_MS in any state but connected, once, and closes on the return', async () => {
      const line = await openLine(ledger());
      await probe(line, 'disconnected');
      const downAt = ledger().clock.now;
      ledger().clock.advance(ALERT_AFTER_MS / 2);
      await probe(line, 'relogin');
      ledger().clock.now = downAt + ALERT_AFTER_MS - 1;
      await round();
      expect(await alertsOf(line)).toEqual([]);
      ledger().clock.advance(1);
      await round();
      await round();
      expect(await alertsOf(line)).toEqual(['number_down open']);
      const [alert] = await ledger().db.knex('alerts').where({ connection_id: line.connectionId });
      expect(alert).toMatchObject({ since: downAt, detail: 'relogin' });
      await probe(line, 'connected');
      await round();
      await round();
      expect(await alertsOf(line)).toEqual(['number_down closed']);
      expect(await postsOf(line)).toEqual(['open number_down relogin', 'closed number_down relogin']);
    });

    it('is back before that: nobody is told', async () => {
      const line = await openLine(ledger());
      await probe(line, 'disconnected');
      ledger().clock.advance(ALERT_AFTER_MS - 1);
      await probe(line, 'connected');
      ledger().clock.advance(ALERT_AFTER_MS);
      await round();
      expect(await alertsOf(line)).toEqual([]);
    });

    it('opens at once for refused credentials; it goes on under another kind, and is one trouble to its end', async () => {
      const line = await openLine(ledger());
      await line.accept();
      await probe(line, 'reauth');
      await round();
      await probe(line, 'relogin');
      await round();
      await probe(line, 'reauth');
      await round();
      await probe(line, 'connected');
      await round();
      expect(await alertsOf(line)).toEqual(['reauth closed']);
      expect(await postsOf(line)).toEqual([
        'open reauth reauth',
        'closed reauth changed',
        'open number_down relogin',
        'closed number_down changed',
        'open reauth reauth',
        'closed reauth reauth',
      ]);
      expect(await tellsOf(line, 'note')).toEqual(['open contact-anna moot']);
    });

    it('is told again when it is lost again', async () => {
      const line = await openLine(ledger());
      for (let n = 0; n < 2; n++) {
        await probe(line, 'reauth');
        await round();
        await probe(line, 'connected');
        await round();
      }
      expect(await alertsOf(line)).toEqual(['reauth closed', 'reauth closed']);
    });

    it('of a location that uninstalls: it closes, and nobody there is told that it is back', async () => {
      const line = await openLine(ledger());
      await line.accept();
      await probe(line, 'reauth');
      await round();
      await ledger().db.knex('alert_tells').where({ location_id: line.scope.locationId }).update({ state: 'done' });
      await ledger().store.installations.setState(line.scope, 'uninstalled', null);
      await round();
      expect(await postsOf(line)).toEqual(['open reauth reauth', 'closed reauth gone']);
      expect(await tellsOf(line, 'note')).toEqual(['open contact-anna done']);
    });

    it('without a webhook address nothing is written for it, and people in GHL are told all the same', async () => {
      const line = await openLine(ledger());
      await line.accept();
      await probe(line, 'reauth');
      await ledger().store.alerts.reconcile({ post: false });
      expect(await postsOf(line)).toEqual([]);
      expect(await tellsOf(line, 'note')).toEqual(['open contact-anna due']);
    });
  });

  describe('in GHL', () => {
    it('has a note per conversation with waiting messages, later ones too, and one task at the first', async () => {
      const line = await openLine(ledger());
      await line.send(await line.accept({ to: 'done' }));
      await line.grant(await line.accept({ to: 'sending' }));
      for (const to of ['ben', 'anna', 'ben']) await line.accept({ to });
      await probe(line, 'reauth');
      await round();
      await line.accept({ to: 'cem' });
      await round();
      await round();
      expect(await tellsOf(line, 'note')).toEqual([
        'open contact-ben due',
        'open contact-anna due',
        'open contact-cem due',
      ]);
      expect(await tellsOf(line, 'task')).toEqual(['open contact-ben due']);
    });

    it('has no task while nothing waits, and one when something begins to', async () => {
      const line = await openLine(ledger());
      await probe(line, 'reauth');
      await round();
      expect(await tellsOf(line, 'task')).toEqual([]);
      await line.accept();
      await round();
      expect(await tellsOf(line, 'task')).toEqual(['open contact-anna due']);
    });

    it('has a note for each conversation, 200 a round, and none twice', async () => {
      const line = await openLine(ledger());
      for (let n = 0; n < 203; n++) await line.accept({ to: `person-${n}` });
      await line.accept({ to: 'person-0' });
      await probe(line, 'reauth');
      await round();
      expect(await tellsOf(line, 'note')).toHaveLength(200);
      await round();
      await round();
      const notes = await tellsOf(line, 'note');
      expect(notes).toHaveLength(203);
      expect(new Set(notes).size).toBe(203);
    });

    it('of other troubles says nothing', async () => {
      const line = await openLine(ledger());
      await line.accept();
      await ledger().store.installations.setState(line.scope, 'reauth_required', 'token refresh');
      await round();
      expect(await alertsOf(line)).toEqual(['location_reauth open']);
      expect(await tellsOf(line, 'note')).toEqual([]);
      await ledger().store.installations.setState(line.scope, 'installed', null);
      await round();
      expect(await postsOf(line)).toEqual([
        'open location_reauth reauth_required',
        'closed location_reauth reauth_required',
      ]);
    });
  });

  it('are counted by kind', async () => {
    const before = await ledger().store.alerts.countOpen();
    const line = await openLine(ledger());
    await probe(line, 'reauth');
    await round();
    const after = await ledger().store.alerts.countOpen();
    expect((after.reauth ?? 0) - (before.reauth ?? 0)).toBe(1);
  });

  it('are opened and closed once by many rounds at the same time', async () => {
    const line = await openLine(ledger());
    await line.accept();
    await probe(line, 'reauth');
    await Promise.all(Array.from({ length: 8 }, round));
    await probe(line, 'connected');
    await Promise.all(Array.from({ length: 8 }, round));
    expect(await alertsOf(line)).toEqual(['reauth closed']);
    expect(await postsOf(line)).toEqual(['open reauth reauth', 'closed reauth reauth']);
    expect(await tellsOf(line, 'note')).toEqual(['open contact-anna moot']);
  });
});

describeStores('the alert of a company', (ledger) => {
  const { round } = watchAlerts(ledger);

  it('opens once when it loses its access, beside those of its locations, and closes when it is connected again', async () => {
    const { store, db } = ledger();
    const companyId = fresh('company');
    const postsOf = async () => {
      const rows = await db.knex('alert_tells').where({ location_id: companyId, what: 'post' }).orderBy('id');
      return rows.map(({ phase, kind, detail }) => `${phase} ${kind} ${detail}`);
    };
    await store.installations.installCompany(companyId, { grant: grantOf() });
    const location = await openLine(ledger(), { installed: false });
    await store.installations.install(location.scope, { companyId, grant: grantOf() });
    await round();
    expect(await postsOf()).toEqual([]);
    await store.installations.holdForToken({ locationId: companyId }, 1, 'reauth_required', 'test');
    await Promise.all([round(), round()]);
    expect(await postsOf()).toEqual(['open company_reauth reauth_required']);
    expect(await db.knex('alerts').where({ location_id: location.scope.locationId })).toEqual([]);
    await store.installations.installCompany(companyId, { grant: grantOf() });
    await round();
    await round();
    expect(await postsOf()).toEqual(['open company_reauth reauth_required', 'closed company_reauth reauth_required']);
  });

  it('closes when it uninstalls the app', async () => {
    const { store, db, clock } = ledger();
    const companyId = fresh('company');
    await store.installations.installCompany(companyId, { grant: grantOf() });
    await store.installations.holdForToken({ locationId: companyId }, 1, 'suspended', 'test');
    await round();
    clock.advance(1_000);
    const event = { id: fresh('event'), type: 'UNINSTALL', locationId: null, companyId, planId: null, at: clock.now };
    await store.appEvents.apply(event);
    await round();
    const [alert] = await db.knex('alerts').where({ location_id: companyId });
    expect(alert).toMatchObject({ kind: 'company_reauth', open_trouble: null });
  });
});
