import type { App } from '../app';
import { tellBackoffMs } from '../domain/alerts';
import { noteText, taskDueAt, taskText } from '../domain/alertWords';
import { asDomainError, DomainError } from '../domain/errors';
import { present } from '../domain/present';
import type { GhlAccess } from '../ghl/access';
import type { DueTell, TellEnd } from '../store/alerts/tells';
import { finishTell } from './finishTell';

/** How a location's access to GHL is got, and renewed when GHL refuses it. Both throw DomainErrors worth a retry. */
export interface GhlTokens {
  accessOf(locationId: string): Promise<{ access: GhlAccess; version: number }>;
  renewRefused(locationId: string, version: number): Promise<never>;
}

type TellApp = Pick<App, 'store' | 'ghl' | 'metrics' | 'logger'>;

/** GHL lists what was added some seconds later: after an unclear try it is looked for at the earliest after this. */
const LOOK_AFTER_MS = 10_000;
const MINUTE_MS = 60_000;

/**
 * Adds a note or a task to GHL, or their end: a note that the number is back, the task completed. After a try without a
 * clear answer it looks for what it may have added, and adds it only if it is not there: nobody is told twice, and
 * nobody is left untold.
 */
export async function tellPeople(app: TellApp, tokens: GhlTokens, tell: DueTell): Promise<void> {
  try {
    await finishTell(app, tell, await tellOnce(app, tokens, tell));
  } catch (thrown) {
    const error = asDomainError(thrown);
    await finishTell(app, tell, endOf(error, tell), { err: error });
  }
}

async function tellOnce(app: TellApp, tokens: GhlTokens, tell: DueTell): Promise<TellEnd> {
  if (tell.onlyLook && !tell.lookFirst) return { kind: 'moot' };
  const { access, version } = await tokens.accessOf(tell.locationId);
  try {
    return await (tell.what === 'note' ? tellByNote(app, access, tell) : tellByTask(app, access, tell));
  } catch (thrown) {
    if (thrown instanceof DomainError && thrown.code === 'ghl_unauthorized')
      return await tokens.renewRefused(tell.locationId, version);
    throw thrown;
  }
}

async function tellByNote({ ghl }: TellApp, access: GhlAccess, tell: DueTell): Promise<TellEnd> {
  const contactId = present(tell.contactId, 'the contact of a note');
  const text = noteText(tell);
  if (tell.lookFirst && (await ghl.hasNote(access, contactId, text))) return { kind: 'done' };
  if (tell.onlyLook) return { kind: 'moot' };
  await ghl.createNote(access, contactId, text);
  return { kind: 'done' };
}

async function tellByTask({ ghl }: TellApp, access: GhlAccess, tell: DueTell): Promise<TellEnd> {
  const contactId = present(tell.contactId, 'the contact of a task');
  if (tell.phase === 'closed') {
    await ghl.completeTask(access, contactId, present(tell.taskId, 'the task of an alert'));
    return { kind: 'done' };
  }
  const task = { ...taskText(tell), dueDate: new Date(taskDueAt(tell, tell.openedAt)).toISOString() };
  const found = tell.lookFirst ? await ghl.findTask(access, contactId, task) : null;
  if (found !== null) return { kind: 'done', ghlId: found };
  if (tell.onlyLook) return { kind: 'moot' };
  return { kind: 'done', ghlId: await ghl.createTask(access, contactId, task) };
}

/** A location without a token may get one within the day; another refusal is final. */
function endOf(error: DomainError, tell: DueTell): TellEnd {
  const backoffMs = error.retryAfterMs ?? tellBackoffMs(tell.tries);
  if (error.code === 'no_token') return { kind: 'later', waitMs: MINUTE_MS, unclear: tell.lookFirst };
  if (error.retry === 'ambiguous') return { kind: 'later', waitMs: Math.max(backoffMs, LOOK_AFTER_MS), unclear: true };
  if (error.retry === 'later') return { kind: 'later', waitMs: backoffMs, unclear: tell.lookFirst };
  return { kind: 'given_up' };
}
