import { toldInGhlBy } from '../../domain/alerts';
import { GONE, type Phase } from '../../domain/alertWords';
import { outboundLaneId } from '../../domain/ids';
import { newId, type Trx } from '../context';
import { troubleOf, type AlertRow, type TellRow } from './rows';

/** So many notes are written down in one round; the next round has the rest. */
const NOTES_A_ROUND = 200;
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
    const ways = alert.connection_id === null ? [] : toldInGhlBy(troubleOf(alert));
    const notes = ways.includes('note') ? await waitingUntold(trx, alert, 'note', NOTES_A_ROUND) : [];
    for (const contact of notes) await insertGhlTell(trx, alert, 'note', contact, now);
    if (!ways.includes('task') || !(await lacksTask(trx, alert))) continue;
    for (const contact of await waitingUntold(trx, alert, 'task', 1))
      await insertGhlTell(trx, alert, 'task', contact, now);
  }
}

/** A task that was given up and may be there all the same is not doubled. */
async function lacksTask(trx: Trx, alert: AlertRow): Promise<boolean> {
  const tasks = await trx<TellRow>('alert_tells').where({ alert_id: alert.id, what: 'task', phase: 'open' });
  return tasks.length < MOST_TASKS && tasks.every(({ state, unclear }) => state === 'given_up' && unclear === 0);
}

/**
 * Whose messages wait on the number of an alert and have not been told of it, the longest waiting first. What is being
 * sent is not waiting.
 */
async function waitingUntold(trx: Trx, alert: AlertRow, what: 'note' | 'task', limit: number): Promise<string[]> {
  const rows = await trx('messages as m')
    .where({ 'm.lane_id': outboundLaneId(alert.connection_id ?? ''), 'm.open': 1 })
    .whereIn('m.state', ['accepted', 'waiting'])
    .whereNotNull('m.contact_id')
    .whereNotExists((told) => {
      void told
        .from('alert_tells as t')
        .where({ 't.alert_id': alert.id, 't.what': what, 't.phase': 'open' })
        .whereRaw('t.subject = m.contact_id');
    })
    .groupBy('m.contact_id')
    .orderBy('first_seq')
    .limit(limit)
    .select<{ contact_id: string }[]>('m.contact_id', trx.raw('min(m.seq) as first_seq'));
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
