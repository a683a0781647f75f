import {
  alertOfBacklog,
  alertOfOutage,
  alertsOfCompany,
  alertsOfLocation,
  alertsOfNumber,
  type Trouble,
  type WantedAlert,
} from '../../domain/alerts';
import type { LocationState } from '../../domain/gate';
import { ALARM_MS, TOLD_MS } from '../../domain/outage';
import { present } from '../../domain/present';
import type { StoreContext, Trx } from '../context';
import type { InstallationRow } from '../installations/row';
import { ownSettingsOf } from '../ownSettings';
import type { OutageRow } from '../reconcile/outages';
import type { ConnectionRow, LaneDbRow, LocationRow } from '../rows';
import { troubleOf, type AlertRow } from './rows';

/** A wanted alert, and whose it is. */
export interface Wanted extends WantedAlert {
  /** Of a company's alert the company's id: its scope is the company. */
  locationId: string;
  connectionId: string | null;
  /** Tells troubles of one sort and subject apart that may be open together. */
  which?: string;
}

/** In these states a location or company has the app and no access by it. */
const LOST = ['suspended', 'reauth_required'] as const;

/** Returns the name of a trouble: what and whose it is. */
export function troubleKey({ trouble, locationId, connectionId, which }: Wanted): string {
  return [trouble, connectionId ?? locationId, ...(which === undefined ? [] : [which])].join('|');
}

/**
 * Returns every alert that should be open now, by the rules of domain/alerts.ts. Only rows that may be in trouble are
 * read: the rest can want nothing.
 */
export async function wantedAlerts(ctx: StoreContext, trx: Trx, open: AlertRow[], now: number): Promise<Wanted[]> {
  const connections = await troubledConnections(trx);
  const openTroubles = troublesByConnection(open);
  const locations = await trx<LocationRow>('locations').whereIn('state', LOST);
  const companies = await trx<InstallationRow>('installations').where({ kind: 'company' }).whereIn('state', LOST);
  return [
    ...connections.flatMap((row) => wantedOf(ctx, row, openTroubles.get(row.id) ?? new Set(), now)),
    ...locations.flatMap(({ location_id: locationId, state, state_since: stateSince }) =>
      alertsOfLocation({ state, stateSince }).map((alert) => ({ ...alert, locationId, connectionId: null })),
    ),
    ...companies.flatMap(({ resource_id: companyId, state, state_since: stateSince }) =>
      alertsOfCompany({ state, stateSince }).map((alert) => ({ ...alert, locationId: companyId, connectionId: null })),
    ),
    ...(await outagesToTell(trx, now)),
    ...(await backlogsToTell(trx, now)),
  ];
}

/** Outages of the bridge itself that were long enough; a number that was away has an alert of its own. */
async function outagesToTell(trx: Trx, now: number): Promise<Wanted[]> {
  const rows = await trx<OutageRow>('outages')
    .whereNull('connection_id')
    .where('to_at', '>', now - TOLD_MS)
    .whereRaw('to_at - from_at >= ?', [ALARM_MS]);
  return rows.map(({ id: which, location_id: locationId, from_at: from, to_at: to }) => ({
    ...{ ...alertOfOutage({ from, to }), locationId, connectionId: null, which },
  }));
}

/** As they were found when somebody last looked (backlogs.ts). */
async function backlogsToTell(trx: Trx, now: number): Promise<Wanted[]> {
  const lanes = await trx<LaneDbRow>('lanes').whereNotNull('backlog');
  return lanes.map(({ location_id: locationId, connection_id: connectionId, backlog }) => ({
    ...{ ...alertOfBacklog(now, present(backlog, 'the backlog of a lane')), locationId, connectionId },
  }));
}

type Troubled = ConnectionRow & { location_state: LocationState | null; location_settings: string | null };

async function troubledConnections(trx: Trx): Promise<Troubled[]> {
  return await trx<ConnectionRow>('connections as c')
    .leftJoin('locations as l', 'l.location_id', 'c.location_id')
    .where((mayBe) => {
      void mayBe
        .whereNot('c.state', 'connected')
        .orWhereNotNull('c.unreceipted_since')
        .orWhereNotNull('c.nacked_at')
        .orWhere('c.receipts_learnt', 'none');
    })
    .select<Troubled[]>('c.*', 'l.state as location_state', 'l.settings as location_settings');
}

function wantedOf(ctx: StoreContext, row: Troubled, open: ReadonlySet<Trouble>, now: number): Wanted[] {
  const settings = ownSettingsOf(row, { settings: row.location_settings ?? '{}' });
  return alertsOfNumber({
    now,
    locationState: row.location_state ?? 'unknown',
    state: row.state,
    stateSince: row.state_since,
    downSince: row.state === 'connected' ? null : (row.down_since ?? row.created_at),
    open,
    settings,
    learnt: row.receipts_learnt,
    hasReceipts: ctx.capabilities(row.gateway).receipts,
    unreceiptedSince: row.unreceipted_since,
    nackedAt: row.nacked_at,
    alertAfterMs: ctx.timings.alertAfterMs,
    receiptAlarmMs: settings.receiptAlarmMs ?? ctx.timings.receiptAlarmMs,
  }).map((alert) => ({ ...alert, locationId: row.location_id, connectionId: row.id }));
}

function troublesByConnection(open: AlertRow[]): Map<string, Set<Trouble>> {
  const troubles = new Map<string, Set<Trouble>>();
  for (const alert of open) {
    if (alert.connection_id === null) continue;
    const mine = troubles.get(alert.connection_id) ?? new Set();
    troubles.set(alert.connection_id, mine.add(troubleOf(alert)));
  }
  return troubles;
}
