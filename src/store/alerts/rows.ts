import type { AlertKind, Trouble } from '../../domain/alerts';
import type { Phase } from '../../domain/alertWords';

/** One trouble that people are told of, open or over. */
export interface AlertRow {
  id: string;
  /** What and whose it is: `number|conn-...`. */
  trouble: string;
  /** The same while it is open, null afterwards: unique. */
  open_trouble: string | null;
  kind: AlertKind;
  detail: string;
  /** Of a company's alert the company's id. */
  location_id: string;
  connection_id: string | null;
  since: number;
  opened_at: number;
  closed_at: number | null;
}

/** Returns what sort of trouble an alert is about. */
export function troubleOf(alert: Pick<AlertRow, 'trouble'>): Trouble {
  return alert.trouble.split('|')[0] as Trouble;
}

/** One thing that is told: to the operator's webhook, as a note in a conversation, as a task. */
export interface TellRow {
  id: string;
  alert_id: string;
  location_id: string;
  connection_id: string | null;
  /** Tells of one line go one after the other, in the order of their ids. */
  line: string;
  what: 'post' | 'note' | 'task';
  phase: Phase;
  /** With alert, what and phase it is unique: the contact of a note or task; of posts there may be many. */
  subject: string;
  kind: AlertKind;
  detail: string;
  since: number;
  contact_id: string | null;
  /** moot: there was nothing left to tell. */
  state: 'due' | 'done' | 'moot' | 'given_up';
  tries: number;
  /** 1: an earlier try may have succeeded: look before it is done once more. */
  unclear: 0 | 1;
  created_at: number;
  /** Null once it has ended. */
  due_at: number | null;
  /** GHL's id of the task. */
  ghl_id: string | null;
}
