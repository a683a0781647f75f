import { HOLD_WORDS, type ConnectionState } from './connectionState';
import type { AlertKind } from './alerts';
import { backlogOf } from './backlog';
import { backlogTask, backlogWords } from './backlogWords';

/** What people read of a trouble: what it is, and what to do. No number, text or secret is in it. */
export interface AlertWords {
  text: string;
  next: string;
}

/** What is told: that it began, or that it is over. */
export type Phase = 'open' | 'closed';

/** An alert as far as its sentences depend on it. `detail` is the word that domain/alerts.ts gave it. */
export interface AlertSubject {
  kind: AlertKind;
  phase: Phase;
  detail: string;
  connectionId: string | null;
  /** Epoch milliseconds. */
  since: number;
}

/** In `detail` of a closed alert: the trouble goes on under another kind. */
export const CHANGED = 'changed';
/** In `detail` of a closed alert: the number is not back, its location has left. */
export const GONE = 'gone';

const NOTHING_TO_DO = 'Nothing to do: what waited goes out by itself.';

/** Returns the sentences for the operator's webhook. */
export function alertWords(alert: AlertSubject): AlertWords {
  const number = `The WhatsApp number of connection ${alert.connectionId ?? ''}`;
  if (alert.phase === 'closed') return closedWords(alert, number);
  switch (alert.kind) {
    case 'number_down':
    case 'reauth': {
      const { why, next } = holdWords(alert.detail);
      return { text: `${number} can not send: ${why}. Its messages wait; none is lost.`, next: sentence(next) };
    }
    case 'receipts_missing':
      return alert.detail === 'nack'
        ? {
            text: `WhatsApp refused a message of connection ${alert.connectionId ?? ''} that the gateway had taken.`,
            next: 'Look at the phone for a warning from WhatsApp. Let the number rest if there is one.',
          }
        : {
            text: `${number} gets no delivery receipts for what it sends.`,
            next: 'Look at the phone: is it online, and do messages that are typed on it arrive? Sending goes on meanwhile.',
          };
    case 'receipts_none':
      return {
        text: `${number} gets no delivery receipts at all. From now on its gateway's acceptance counts as delivered.`,
        next: 'Nothing to do. To decide it yourself, set the receipts of the connection to full or none.',
      };
    case 'location_reauth':
      return alert.detail === 'suspended'
        ? {
            text: 'The location is suspended in GHL; its messages are held.',
            next: 'Let the agency activate the location. Sending goes on by itself.',
          }
        : {
            text: 'The app has lost its access to the location; its messages are held.',
            next: 'Install the app in the location again. Sending goes on by itself.',
          };
    case 'company_reauth':
      return alert.detail === 'suspended'
        ? {
            text: 'GHL calls the agency not active: locations of it get no new access through it.',
            next: 'See to it that the agency is active in GHL. The rest goes on by itself.',
          }
        : {
            text: 'The app has lost its access to the agency: locations of it get no new access through it.',
            next: 'Install the app for the agency again. The rest goes on by itself.',
          };
    case 'outage':
      return {
        text: `The bridge took no posts from ${moment(alert.since)} to ${moment(Number(alert.detail))}. What contacts wrote on WhatsApp in that time may be missing in GHL; nobody can tell.`,
        next: "Look at the location's phones for messages of that time. What was sent in GHL meanwhile and never came is listed by `npm run ops -- outages`.",
      };
    case 'backlog':
      return backlogWords(number, alert.detail);
  }
}

function closedWords(alert: AlertSubject, number: string): AlertWords {
  if (alert.detail === CHANGED)
    return { text: `${number} still can not send, for another reason.`, next: 'See the alert that follows.' };
  if (alert.detail === GONE)
    return { text: `${number} is no longer in use: its location has uninstalled the app.`, next: 'Nothing to do.' };
  switch (alert.kind) {
    case 'number_down':
    case 'reauth':
      return { text: `${number} is connected again.`, next: NOTHING_TO_DO };
    case 'receipts_missing':
      return { text: `${number} gets delivery receipts again, or needs none.`, next: 'Nothing to do.' };
    case 'receipts_none':
      return {
        text: `What counts as delivered is settled for connection ${alert.connectionId ?? ''}.`,
        next: 'Nothing to do.',
      };
    case 'location_reauth':
      return { text: 'The location is no longer held.', next: NOTHING_TO_DO };
    case 'company_reauth':
      return { text: 'The agency is connected again, or has uninstalled the app.', next: 'Nothing to do.' };
    case 'outage':
      return { text: 'The outage is a day ago.', next: 'Nothing to do; `npm run ops -- outages` still lists it.' };
    case 'backlog':
      return { text: `${number} has less waiting than it sends in a day.`, next: 'Nothing to do.' };
  }
}

/** Returns the internal note for a conversation whose messages wait, or waited. Unlike any other note by its time. */
export function noteText(alert: AlertSubject): string {
  const since = moment(alert.since);
  if (alert.phase === 'closed')
    return `The WhatsApp number of this conversation is back. It was down since ${since}. What waited goes out by itself.`;
  const { why, next } = holdWords(alert.detail);
  return `WhatsApp messages of this conversation wait since ${since}: ${why}. None is lost. What to do: ${next}.`;
}

/** Returns the task for whoever looks after the location. Unlike any other task by the time in its body. */
export function taskText(alert: AlertSubject): { title: string; body: string } {
  if (alert.kind === 'backlog') return backlogTask(alert.detail, moment(alert.since));
  const { why, next } = holdWords(alert.detail);
  return { title: `WhatsApp can not send: ${why}`, body: `Since ${moment(alert.since)}. What to do: ${next}.` };
}

/** A task that asks for something is to be seen to within this time. */
const TASK_DUE_MS = 3_600_000;

/** Returns when the task of an alert that was opened at `openedAt` is due, epoch milliseconds: a backlog, when it ends. */
export function taskDueAt({ kind, detail }: AlertSubject, openedAt: number): number {
  return kind === 'backlog' ? backlogOf(detail).endsAt : openedAt + TASK_DUE_MS;
}

function holdWords(state: string): { why: string; next: string } {
  return HOLD_WORDS[state as Exclude<ConnectionState, 'connected'>];
}

/** `2026-01-31 09:30:00 UTC`: to the second, so that two outages of a number can be told apart. */
function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
