import fc from 'fast-check';
import { quietFrom, quietUntil } from '../../src/domain/lane/quiet';

const span = (from: string, to: string) => {
  const minute = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return { fromMinute: minute(from), toMinute: minute(to) };
};
const utc = (text: string): number => Date.parse(`${text}Z`);
const NIGHT = span('21:00', '08:00');
const BERLIN = 'Europe/Berlin';

it.each([
  ['before them', '2026-01-10T19:59:59', '2026-01-10T19:59:59'],
  ['when they begin', '2026-01-10T20:00:00', '2026-01-11T07:00:00'],
  ['after midnight', '2026-01-11T03:12:34', '2026-01-11T07:00:00'],
  ['when they end', '2026-01-11T07:00:00', '2026-01-11T07:00:00'],
  ['in summer', '2026-07-10T19:30:00', '2026-07-11T06:00:00'],
  ['in the night in which an hour is skipped', '2026-03-28T22:00:00', '2026-03-29T06:00:00'],
  ['in the night in which an hour comes twice', '2026-10-24T22:00:00', '2026-10-25T07:00:00'],
])('lets nothing go in the quiet hours of a zone: %s', (_when, at, until) => {
  expect(new Date(quietUntil(utc(at), NIGHT, BERLIN)).toISOString()).toBe(new Date(utc(until)).toISOString());
});

it('ends with the skipped hour where the clocks skip the end, and at the second time where it comes twice', () => {
  const early = span('22:00', '02:30');
  const skipped = quietUntil(utc('2026-03-29T00:30:00'), early, BERLIN);
  expect(skipped).toBeGreaterThanOrEqual(utc('2026-03-29T01:00:00'));
  expect(skipped).toBeLessThanOrEqual(utc('2026-03-29T01:30:00'));
  // 02:30 is over once, then the clocks are put back to 02:00: quiet again.
  expect(quietUntil(utc('2026-10-25T00:30:00'), early, BERLIN)).toBe(utc('2026-10-25T00:30:00'));
  expect(quietUntil(utc('2026-10-25T01:10:00'), early, BERLIN)).toBe(utc('2026-10-25T01:30:00'));
});

const zone = fc.constantFrom(
  'UTC',
  BERLIN,
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Asia/Kuala_Lumpur',
);
const minutes = fc
  .tuple(fc.nat(1_439), fc.nat(1_439))
  .filter(([from, to]) => from !== to)
  .map(([fromMinute, toMinute]) => ({ fromMinute, toMinute }));
const moment = fc.integer({ min: utc('2026-01-01T00:00:00') / 60_000, max: utc('2027-01-01T00:00:00') / 60_000 });
/** The same by another way: the wall is read minute by minute. */
const isQuiet = (at: number, { fromMinute, toMinute }: ReturnType<typeof span>, timeZone: string): boolean => {
  const wall = clockOf(timeZone).format(at);
  const minute = Number(wall.slice(0, 2)) * 60 + Number(wall.slice(3, 5));
  return fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
};

it('ends outside of the quiet hours, and where no clock is changed at the first such minute', () => {
  fc.assert(
    fc.property(moment, minutes, zone, (minute, quiet, timeZone) => {
      const at = minute * 60_000;
      const until = quietUntil(at, quiet, timeZone);
      expect(isQuiet(until, quiet, timeZone)).toBe(false);
      let first = at;
      for (let step = 0; step < 1_600 && isQuiet(first, quiet, timeZone); step += 1) first += 60_000;
      expect(until).toBeGreaterThanOrEqual(first);
      expect(until - first).toBeLessThanOrEqual(
        offset(at, timeZone) === offset(at + 36 * 3_600_000, timeZone) ? 0 : 3_600_000,
      );
    }),
    { numRuns: 60 },
  );
});

it('begins when it says, and is not quiet before', () => {
  fc.assert(
    fc.property(moment, minutes, zone, (minute, quiet, timeZone) => {
      const at = minute * 60_000;
      const from = quietFrom(at, quiet, timeZone);
      if (offset(at, timeZone) !== offset(at + 48 * 3_600_000, timeZone)) return;
      expect(isQuiet(from, quiet, timeZone)).toBe(true);
      expect(from > at && isQuiet(from - 60_000, quiet, timeZone)).toBe(false);
      expect(from - at).toBeLessThanOrEqual(24 * 3_600_000);
    }),
    { numRuns: 200 },
  );
});

it('is off without a span', () => {
  expect(quietUntil(5, null, 'UTC')).toBe(5);
  expect(quietFrom(5, null, 'UTC')).toBe(Infinity);
});

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'short' });
  clocks.set(timeZone, clock);
  return clock;
}

function offset(at: number, timeZone: string): number {
  return Date.parse(`${new Date(at).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T')}Z`) - at;
}
