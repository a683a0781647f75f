import { isToldInGhl } from '../../domain/alerts';
import { GONE, type Phase } from '../../domain/alertWords';
import { outboundLaneId } from '../../domain/ids';
import { newId, type Trx } from '../context';
import { troubleOf, type AlertRow, type TellRow } from './rows';

/** So many conversations get a note for one alert; whoever has more waiting knows by then. */
const MOST_NOTES = 200;

/** Writes down that the operator is to be told. Posts of one trouble go one after the other. */
export async function writePost(trx: Trx, alert: AlertRow, phase: Phase, detail: string, now: number): Promise<void> {
  const id = newId(now);
  const { trouble: line } = alert;
  await trx<TellRow>('alert_tells').insert({
    ...blankTell(alert, now),
    id,
    what: 'post',
    phase,
    line,
    subject: id,
    detail,
  });
}

/**
 * Writes down the notes and the task that the open alerts lack: a note for each contact with messages that wait on the
 * number, also for those who begin to wait while it is down, and one task, at the contact who waits longest.
 */
export async function openGhlTells(trx: Trx, now: number): Promise<void> {
  const open = await trx<AlertRow>('alerts').whereNotNull('open_trouble').orderBy('id');
  for (const alert of open) {
    if (alert.connection_id === null || !isToldInGhl(troubleOf(alert))) continue;
    const told = await notedContacts(trx, alert);
    if (told.size >= MOST_NOTES) continue;
    const waiting = await waitingContacts(trx, alert.connection_id);
    const missing = waiting.filter((contact) => !told.has(contact)).slice(0, MOST_NOTES - told.size);
    for (const contact of missing) await insertGhlTell(trx, alert, 'note', contact, now);
    const [first] = told.size === 0 ? missing : [];
    if (first !== undefined) await insertGhlTell(trx, alert, 'task', first, now);
  }
}

async function notedContacts(trx: Trx, alert: AlertRow): Promise<Set<string>> {
  const rows = await trx<TellRow>('alert_tells')
    .where({ alert_id: alert.id, what: 'note', phase: 'open' })
    .select('subject');
  return new Set(rows.map(({ subject }) => subject));
}

/** Whose messages wait on a number, the longest waiting first. What is being sent is not waiting. */
async function waitingContacts(trx: Trx, connectionId: string): Promise<string[]> {
  const rows = await trx('messages')
    .where({ lane_id: outboundLaneId(connectionId), open: 1 })
    .whereIn('state', ['accepted', 'waiting'])
    .whereNotNull('contact_id')
    .groupBy('contact_id')
    .orderBy('first_seq')
    .limit(MOST_NOTES)
    .select<{ contact_id: string }[]>('contact_id', trx.raw('min(seq) as first_seq'));
  return rows.map((row) => row.contact_id);
}

async function insertGhlTell(
  trx: Trx,
  alert: AlertRow,
  what: 'note' | 'task',
  contact: string,
  now: number,
): Promise<void> {
  const subject = what === 'note' ? contact : 'task';
  const line = what === 'note' ? `${alert.id}|${contact}` : alert.id;
  await trx<TellRow>('alert_tells').insert({ ...blankTell(alert, now), what, subject, line, contact_id: contact });
}

/**
 * Writes down that the notes and the task of an alert are to be followed by their end. What was not begun yet is moot;
 * what may have been done is looked for first, and followed only if it is there. Of a number that is gone nothing
 * follows.
 */
export async function closeGhlTells(trx: Trx, alert: AlertRow, over: string, now: number): Promise<void> {
  const opened = { alert_id: alert.id, phase: 'open' as const };
  await trx<TellRow>('alert_tells')
    .where({ ...opened, state: 'due', unclear: 0 })
    .whereIn('what', ['note', 'task'])
    .update({ state: 'moot', due_at: null });
  if (over === GONE) return;
  const begun = await trx<TellRow>('alert_tells')
    .where(opened)
    .whereIn('what', ['note', 'task'])
    .whereIn('state', ['due', 'done']);
  for (const { what, line, subject, contact_id } of begun) {
    const tell = { ...blankTell(alert, now), what, line, subject, contact_id, phase: 'closed' as const };
    await trx<TellRow>('alert_tells').insert(tell);
  }
}

function blankTell(alert: AlertRow, now: number): Omit<TellRow, 'what' | 'subject' | 'line'> {
  return {
    id: newId(now),
    alert_id: alert.id,
    location_id: alert.location_id,
    connection_id: alert.connection_id,
    phase: 'open',
    kind: alert.kind,
    detail: alert.detail,
    since: alert.since,
    contact_id: null,
    state: 'due',
    tries: 0,
    unclear: 0,
    created_at: now,
    due_at: now,
    ghl_id: null,
  };
}
