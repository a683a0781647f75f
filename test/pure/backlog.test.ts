import fc from 'fast-check';
import { toldInGhlBy } from '../../src/domain/alerts';
import { alertWords, taskDueAt, taskText, type AlertSubject } from '../../src/domain/alertWords';
import { backlogDetail, backlogOf, isBacklog, localEnd, offsetMinutes } from '../../src/domain/backlog';
import { planAhead } from '../../src/domain/lane/planAhead';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 21, 12);
const END = Date.UTC(2026, 10, 24, 14, 30);

describe('a backlog', () => {
  it.each([
    ['a day, not told', DAY, false, false],
    ['a moment more', DAY + 1, false, true],
    ['a day, told', DAY, true, true],
    ['a moment more than a day but an hour, told', DAY - HOUR + 1, true, true],
    ['less, told', DAY - HOUR, true, false],
  ])('%s', (_what, ms, told, is) => expect(isBacklog(NOW + ms, NOW, told)).toBe(is));

  it('fits into the word that an alert keeps, and comes out of it as it was', () => {
    const some = fc.record({
      endsAt: fc.integer({ min: NOW, max: NOW + 3_650 * DAY }),
      waiting: fc.integer({ min: 1, max: 9_999_999 }),
      offsetMinutes: fc.integer({ min: -12 * 60, max: 14 * 60 }),
    });
    fc.assert(
      fc.property(some, (backlog) => {
        const detail = backlogDetail(backlog);
        expect(detail.length).toBeLessThanOrEqual(32);
        expect(backlogOf(detail)).toEqual(backlog);
      }),
    );
  });
});

test.each([
  ['UTC', 0, 'Tue 24 Nov 2026, 14:30 (UTC)'],
  ['Asia/Kuala_Lumpur', 480, 'Tue 24 Nov 2026, 22:30 (UTC+08:00)'],
  ['America/St_Johns', -210, 'Tue 24 Nov 2026, 11:00 (UTC-03:30)'],
  ['Pacific/Kiritimati', 840, 'Wed 25 Nov 2026, 04:30 (UTC+14:00)'],
])('its end by the clocks of %s', (timeZone, minutes, text) => {
  expect(offsetMinutes(END, timeZone)).toBe(minutes);
  expect(localEnd({ endsAt: END, waiting: 1, offsetMinutes: minutes })).toBe(text);
});

test('the clocks are asked for that day: summer time has its own', () => {
  expect(offsetMinutes(Date.UTC(2026, 6, 1), 'Europe/Berlin')).toBe(120);
  expect(offsetMinutes(Date.UTC(2026, 11, 1), 'Europe/Berlin')).toBe(60);
});

describe('what people read of it', () => {
  const detail = backlogDetail({ endsAt: END, waiting: 1240, offsetMinutes: 480 });
  const alert: AlertSubject = { kind: 'backlog', phase: 'open', detail, connectionId: 'conn-1', since: NOW };

  it('the operator: how many, until when, and what may be done', () => {
    const { text, next } = alertWords(alert);
    expect(text).toContain('connection conn-1 has 1240 messages waiting');
    expect(text).toContain('2026-11-24 14:30 UTC');
    expect(next).toMatch(/^Nothing has to be done.*raise the caps/);
    expect(alertWords({ ...alert, phase: 'closed' }).text).toContain('less waiting');
  });

  it('the location: one task, by its own clocks, due when it ends; no note in each conversation', () => {
    expect(toldInGhlBy('backlog')).toEqual(['task']);
    const { title, body } = taskText(alert);
    expect(title).toBe('WhatsApp messages go out until about Tue 24 Nov 2026, 22:30 (UTC+08:00)');
    expect(body).toMatch(/^Since 2026-11-21 12:00:00 UTC .*: 1240 now.*None is lost.*What to do: .+\.$/);
    expect(taskDueAt(alert, NOW)).toBe(END);
    expect(taskDueAt({ ...alert, kind: 'number_down' }, NOW)).toBe(NOW + HOUR);
  });
});

test('the days of a warm-up are planned each with its own cap, and end', () => {
  const series = {
    ...{ written: [], from: NOW, stepMs: 1_000, returnedAt: null, rules: { quietHours: null, timeZone: 'UTC' } },
    shares: [
      { share: 2, windowMs: DAY, from: NOW - DAY, until: NOW + DAY },
      { share: 3, windowMs: DAY, from: NOW + DAY, until: NOW + 2 * DAY },
    ],
  };
  const days = [0, 1, 2, 3, 4, 5, 6, 99].map((ahead) => Math.floor((planAhead(series, ahead) - NOW) / DAY));
  expect(days).toEqual([0, 0, 1, 1, 1, 2, 2, 2]);
});
