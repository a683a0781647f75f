import { fresh, grantOf } from './line';
import type { Attack } from './tenancyVictim';

/** The calls about installations. Their scope is the id of a location or company. */
export const INSTALLATION_ATTACKS: Record<string, Attack> = {
  'installations.installCompany': {
    call: ({ store }, _v, { locationId: companyId }) =>
      store.installations.installCompany(companyId, { grant: grantOf() }),
    gets: { version: 1 },
  },
  'installations.installFromCompany': {
    call: ({ store }, { companyId }, s) => store.installations.installFromCompany(s, { companyId, grant: grantOf() }),
    gets: null,
  },
  'installations.get': { call: ({ store }, _v, s) => store.installations.get(s.locationId), gets: null },
  'installations.beginStep': { call: ({ store }, _v, s) => store.installations.beginStep(s.locationId), gets: null },
  'installations.endStep': {
    call: async ({ store }, { line }, s) => {
      const begun = (await store.installations.get(line.scope.locationId))!;
      return await store.installations.endStep({ ...begun, resource_id: s.locationId }, { kind: 'done' });
    },
    gets: null,
  },
  'installations.recordPage': {
    call: ({ store, clock }, { line }, s) => {
      const locations = [{ ...line.scope, name: 'Forged', installedAt: clock.now }];
      return store.installations.recordPage(s.locationId, {
        skip: 0,
        locations,
        size: 1,
        count: 1,
        begunAt: clock.now,
      });
    },
    gets: [],
  },
  'installations.dueOfCompany': {
    call: ({ store }, _v, s) => store.installations.dueOfCompany(s.locationId, 10),
    gets: [],
  },
  'installations.name': {
    call: ({ store }, _v, s) => store.installations.name(s.locationId, 'Forged'),
    gets: undefined,
  },
  'installations.markForReconcile': {
    call: ({ store }, _v, s) => store.installations.markForReconcile(s.locationId),
    gets: [],
  },
  'appEvents.apply': {
    call: ({ store, clock }, { companyId }, s) => {
      const event = { id: fresh('event'), type: 'UNINSTALL', ...s, companyId, planId: null, at: clock.now };
      return store.appEvents.apply(event);
    },
    gets: expect.objectContaining({ duplicate: false }),
  },
};
