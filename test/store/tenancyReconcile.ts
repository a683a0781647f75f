import type { Attack } from './tenancyVictim';

const FORGED = { lookedTo: 1, pass: 9, top: 1, floor: 1, cut: true };

/** The calls about a location's settings, about opt-outs, what stands in GHL, and outages. */
export const RECONCILE_ATTACKS: Record<string, Attack> = {
  'locations.changeSettings': {
    call: async ({ store }, _v, s) => {
      await store.locations.changeSettings(s, { stopWords: [] });
    },
    gets: 'not_found',
  },
  'optOuts.finish': {
    call: async ({ store, db }, { line }, s) => {
      const row = await db.knex('opt_outs').where({ location_id: line.scope.locationId }).first();
      const task = { id: row.id, messageId: row.message_id, state: 'out' as const, connectionId: line.connectionId };
      const forged = {
        ...task,
        ...s,
        contactId: null,
        isArriving: false,
        dnd: true,
        confirm: null,
        tries: 1,
        takenUntil: row.taken_until,
      };
      await store.optOuts.finish(forged, { confirmed: true, told: true });
    },
    gets: undefined,
  },
  'ghlFacts.note': {
    call: ({ store }, _v, s) => store.ghlFacts.note(s, [{ kind: 'message', ghlId: 'GHL-FACT', status: 'forged' }]),
    gets: false,
  },
  'ghlFacts.unreceived': {
    call: ({ store }, _v, s) => store.ghlFacts.unreceived(s, { from: 0, to: 9e12, providerIds: ['sbx-provider-sms'] }),
    gets: [],
  },
  'outages.goOn': {
    call: ({ store }, { outageId }, s) => store.outages.goOn(s, outageId, { waitMs: 1, place: FORGED }),
    gets: undefined,
  },
  'outages.finish': {
    call: ({ store }, { outageId }, s) =>
      store.outages.finish(s, outageId, { retold: 0, unreceipted: 0, whole: false }),
    gets: undefined,
  },
  'outages.retell': { call: ({ store }, _v, s) => store.outages.retell(s, 0), gets: 0 },
  'outages.countUnreceipted': {
    call: ({ store }, { line }, s) => store.outages.countUnreceipted(s, line.connectionId),
    gets: 0,
  },
};
