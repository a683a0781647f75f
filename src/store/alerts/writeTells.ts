import { isToldInGhl } from '../../domain/alerts';
import { GONE, type Phase } from '../../domain/alertWords';
import { outboundLaneId } from '../../domain/ids';
import { newId, type Trx } from '../context';
import { troubleOf, type AlertRow, type TellRow } from './rows';

/** So many conversations get a note for one alert; whoever has more waiting knows by then. */
const MOST_NOTES = 200;
/** At so many contacts a task is tried: GHL may refuse it for a reason that is not the contact's. */
const MOST_TASKS = 5;

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
 * number, also for those who begin to wait while it is down, and one task, at the contact who waits longest. Where GHL
 * refused the task (that contact is gone there), it goes to the next one who waits.
 */
export async function openGhlTells(trx: Trx, now: number): Promise<void> {
  const open = await trx<AlertRow>('alerts').whereNotNull('open_trouble').orderBy('id');
  for (const alert of open) {
    if (alert.connection_id === null || !isToldInGhl(troubleOf(alert))) continue;
    const [notes, tasks] = [await openedTells(trx, alert, 'note'), await openedTells(trx, alert, 'task')];
    const room = MOST_NOTES - notes.length;
    if (room <= 0 && !lacksTask(tasks)) continue;
    const waiting = await waitingContacts(trx, alert.connection_id);
    for (const contact of without(waiting, notes).slice(0, Math.max(0, room)))
      await insertGhlTell(trx, alert, 'note', contact, now);
    const [next] = lacksTask(tasks) ? without(waiting, tasks) : [];
    if (next !== undefined) await insertGhlTell(trx, alert, 'task', next, now);
  }
}

async function openedTells(trx: Trx, alert: AlertRow, what: 'note' | 'task'): Promise<TellRow[]> {
  return await trx<TellRow>('alert_tells').where({ alert_id: alert.id, what, phase: 'open' });
}

/** A task that was given up and may be there all the same is not doubled. */
function lacksTask(tasks: TellRow[]): boolean {
  return tasks.length < MOST_TASKS && tasks.every(({ state, unclear }) => state === 'given_up' && unclear === 0);
}

function without(contacts: string[], told: TellRow[]): string[] {
  const known = new Set(told.map(({ contact_id }) => contact_id));
  return contacts.filter((contact) => !known.has(contact));
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
  const line = what === 'note' ? `${alert.id}|${contact}` : alert.id;
  const whose = { subject: contact, contact_id: contact };
  await trx<TellRow>('alert_tells').insert({ ...blankTell(alert, now), what, line, ...whose });
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
