import { DAY_MS, HOUR_MS } from './lane/caps';

/** What waits on a number that needs more than a day to send it: people are told once when it will have gone. */
export interface Backlog {
  /** When the last of it will probably go, epoch milliseconds. */
  endsAt: number;
  /** How many messages wait. */
  waiting: number;
  /** The location's clock at that moment: minutes that it is ahead of UTC. */
  offsetMinutes: number;
}

/** A backlog is over with some play, or one that stays at about a day would be told of again and again. */
const PLAY_MS = HOUR_MS;

/** Returns whether what needs until `endsAt` is a backlog; one that people were told of is one for a little longer. */
export function isBacklog(endsAt: number, now: number, told: boolean): boolean {
  return endsAt - now > (told ? DAY_MS - PLAY_MS : DAY_MS);
}

/** Returns a backlog as the one word that an alert keeps: at most 32 characters. */
export function backlogDetail({ endsAt, waiting, offsetMinutes }: Backlog): string {
  return [endsAt, waiting, offsetMinutes].join('|');
}

/** Returns the backlog of such a word. */
export function backlogOf(detail: string): Backlog {
  const [endsAt = 0, waiting = 0, offsetMinutes = 0] = detail.split('|').map(Number);
  return { endsAt, waiting, offsetMinutes };
}

/** Returns how many minutes the clocks of a time zone are ahead of UTC at a moment (epoch milliseconds). */
export function offsetMinutes(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
}

/** Returns the moment at which a backlog ends as its location's clocks show it: `Tue 24 Nov 2026, 22:30 (UTC+08:00)`. */
export function localEnd({ endsAt, offsetMinutes: offset }: Backlog): string {
  const [day, date, month, year, time = ''] = new Date(endsAt + offset * 60_000).toUTCString().split(/[, ]+/);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((n) =>
    String(n).padStart(2, '0'),
  );
  const zone = offset === 0 ? 'UTC' : `UTC${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
  return `${day} ${date} ${month} ${year}, ${time.slice(0, 5)} (${zone})`;
}
