import { show, type Session } from '../session';

export interface NumberOptions {
  connection: string;
}

interface Reconnected {
  gateway: 'connected' | 'held' | 'unreachable';
  state: string;
  reason?: string;
  next?: string;
  waiting: number;
}

/** Has a number's gateway asked at once, and says how the number stands by that. */
export async function reconnectNumber(session: Session, options: NumberOptions): Promise<void> {
  const answer = await session.admin.post<Reconnected>(pathOf(options, 'reconnect'));
  show(session, answer, ({ state, reason, next, waiting }) => {
    const why = reason === undefined ? '' : `: ${reason}`;
    const mend = next === undefined ? '' : `\nNext: ${next}.`;
    return `The number is ${state}${why}; ${waiting} waiting.${mend}`;
  });
}

/** Holds what waits on a number, and what comes. */
export async function pauseNumber(session: Session, options: NumberOptions): Promise<void> {
  const answer = await session.admin.post<{ paused: boolean; since: string }>(pathOf(options, 'pause'));
  show(session, answer, ({ since }) => `The number is paused since ${since}. What waits is held until it is resumed.`);
}

/** Lets a paused number send again. */
export async function resumeNumber(session: Session, options: NumberOptions): Promise<void> {
  const answer = await session.admin.post<{ paused: boolean }>(pathOf(options, 'resume'));
  show(session, answer, () => 'The number is resumed: what waited goes out in order.');
}

function pathOf({ connection }: NumberOptions, call: string): string {
  return `/admin/v1/connections/${encodeURIComponent(connection)}/${call}`;
}
