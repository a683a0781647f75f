import type { TestStore } from '../support/storeAt';
import type { Line } from './line';

/** The words in which the cases of alerts speak of what the store holds of them. */
export interface AlertWatch {
  /** A round of the alerter, as with an operator's address. */
  round(): Promise<unknown>;
  /** `number_down open`, ... oldest first. */
  alertsOf(line: Line): Promise<string[]>;
  /** What the operator was or is to be told: `open number_down relogin`, ... */
  postsOf(line: Line): Promise<string[]>;
  /** Takes a probe's result; `disconnected` twice, for a number that works is lost at the second one. */
  probe(line: Line, state: 'relogin' | 'disconnected' | 'reauth' | 'connected'): Promise<unknown>;
}

/** Returns the watch over a ledger that is open inside a case. */
export function watchAlerts(ledger: () => TestStore): AlertWatch {
  return {
    round: () => ledger().store.alerts.reconcile({ post: true }),
    alertsOf: async ({ scope }) => {
      const rows = await ledger().db.knex('alerts').where({ location_id: scope.locationId }).orderBy('id');
      return rows.map(({ kind, closed_at }) => `${kind} ${closed_at === null ? 'open' : 'closed'}`);
    },
    postsOf: async ({ scope }) => {
      const where = { location_id: scope.locationId, what: 'post' };
      const rows = await ledger().db.knex('alert_tells').where(where).orderBy('id');
      return rows.map(({ kind, phase, detail }) => `${phase} ${kind} ${detail}`);
    },
    probe: async ({ scope, connectionId }, state) => {
      const result = state === 'connected' ? { kind: state } : ({ kind: 'held', text: '', state } as const);
      if (state === 'disconnected') await ledger().store.connections.recordProbe(scope, connectionId, result);
      return await ledger().store.connections.recordProbe(scope, connectionId, result);
    },
  };
}
