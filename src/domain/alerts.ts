import type { ConnectionState } from './connectionState';
import type { LocationState } from './gate';
import type { InstallationState } from './installation';
import type { Outage } from './outage';
import { isAuto, receiptMode, unreceiptedForMs, type ReceiptMode, type ReceiptSettings } from './receipts';

/**
 * Which troubles people are told of: the one place that decides. The store compares what is wanted with what is open,
 * so an alert depends on facts in rows alone and no crash can lose or double one.
 */

export const ALERT_KINDS = [
  'number_down',
  'reauth',
  'receipts_missing',
  'receipts_none',
  'location_reauth',
  'company_reauth',
  'outage',
  'backlog',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** What an alert is about. Of each at most one is open for its number, location or company; its kind may change. */
export type Trouble = 'number' | 'receipts' | 'receipt_mode' | 'location' | 'company' | 'outage' | 'backlog';

export interface WantedAlert {
  trouble: Trouble;
  kind: AlertKind;
  /** When the trouble began, epoch milliseconds. */
  since: number;
  /** The word on which its sentences depend: a state, or what raised it. */
  detail: string;
}

export interface NumberFacts {
  now: number;
  locationState: LocationState;
  state: ConnectionState;
  stateSince: number;
  /** When it was last connected, or made; null while it is connected. */
  downSince: number | null;
  /** Of these an alert is open already. */
  open: ReadonlySet<Trouble>;
  settings: ReceiptSettings;
  learnt: ReceiptMode | null;
  /** False: its gateway never sends receipts. */
  hasReceipts: boolean;
  unreceiptedSince: number | null;
  /** The first nack since the last sign of a delivery; null: none. */
  nackedAt: number | null;
  /** ALERT_AFTER_MS. */
  alertAfterMs: number;
  /** RECEIPT_ALARM_MS, or the connection's own. */
  receiptAlarmMs: number;
}

/** Returns the alerts that a number should have open. A location without the app has nobody to tell. */
export function alertsOfNumber(facts: NumberFacts): WantedAlert[] {
  if (facts.locationState === 'uninstalled') return [];
  return [downAlert(facts), receiptAlert(facts), receiptModeAlert(facts)].filter((alert) => alert !== null);
}

/**
 * Refused credentials are told at once, everything else once it has lasted. From then on one alert stays open until the
 * number is connected again, whatever else becomes of it in between.
 */
function downAlert(facts: NumberFacts): WantedAlert | null {
  const { state, downSince, now, open } = facts;
  if (state === 'connected' || downSince === null) return null;
  if (state === 'reauth') return { trouble: 'number', kind: 'reauth', since: downSince, detail: state };
  if (now - downSince < facts.alertAfterMs && !open.has('number')) return null;
  return { trouble: 'number', kind: 'number_down', since: downSince, detail: state };
}

/** Open until a delivery receipt comes, so one outage is told once. */
function receiptAlert(facts: NumberFacts): WantedAlert | null {
  const { nackedAt, unreceiptedSince } = facts;
  const trouble = { trouble: 'receipts', kind: 'receipts_missing' } as const;
  if (nackedAt !== null) return { ...trouble, since: nackedAt, detail: 'nack' };
  if (!facts.hasReceipts || receiptMode(facts.settings, facts.learnt) === 'none' || unreceiptedSince === null)
    return null;
  const waitedMs = unreceiptedForMs({ ...facts, connected: facts.state === 'connected' });
  const raised = waitedMs !== null && waitedMs >= facts.receiptAlarmMs;
  return raised || facts.open.has('receipts') ? { ...trouble, since: unreceiptedSince, detail: 'no_receipt' } : null;
}

/** Stays open as long as it was found out and nobody has decided: a receipt, or the connection's own setting, does. */
function receiptModeAlert({ settings, learnt, now }: NumberFacts): WantedAlert | null {
  if (learnt !== 'none' || !isAuto(settings)) return null;
  return { trouble: 'receipt_mode', kind: 'receipts_none', since: now, detail: 'learnt' };
}

/** Returns the alert of a location that lost its access or is suspended, or none. */
export function alertsOfLocation(facts: { state: LocationState; stateSince: number }): WantedAlert[] {
  if (facts.state !== 'suspended' && facts.state !== 'reauth_required') return [];
  return [{ trouble: 'location', kind: 'location_reauth', since: facts.stateSince, detail: facts.state }];
}

/**
 * Returns the alert of a company that lost its access or is not active in GHL, or none: beside those of its locations,
 * which go on while their own tokens last.
 */
export function alertsOfCompany(facts: { state: InstallationState; stateSince: number }): WantedAlert[] {
  if (facts.state !== 'suspended' && facts.state !== 'reauth_required') return [];
  return [{ trouble: 'company', kind: 'company_reauth', since: facts.stateSince, detail: facts.state }];
}

/** Returns the alert of a time in which nobody took what was posted to the bridge. Its detail is when that ended. */
export function alertOfOutage({ from, to }: Outage): WantedAlert {
  return { trouble: 'outage', kind: 'outage', since: from, detail: String(to) };
}

/** Returns the alert of a number on which more waits than it sends in a day (backlogDetail of domain/backlog.ts). */
export function alertOfBacklog(now: number, detail: string): WantedAlert {
  return { trouble: 'backlog', kind: 'backlog', since: now, detail };
}

/** Returns how an alert is also told inside GHL: by a note where messages wait, by one task. */
export function toldInGhlBy(trouble: Trouble): readonly ('note' | 'task')[] {
  if (trouble === 'number') return ['note', 'task'];
  return trouble === 'backlog' ? ['task'] : [];
}

/** Longest wait before something is told once more. */
const MOST_BACKOFF_MS = 300_000;

/** Returns how long to wait after the n-th try to tell something, n from 1: doubling from a second to five minutes. */
export function tellBackoffMs(tries: number): number {
  return Math.min(1_000 * 2 ** (tries - 1), MOST_BACKOFF_MS);
}
