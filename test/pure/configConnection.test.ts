import { connectionSettingsSchema } from '../../src/config/connectionSettings';
import { locationSettingsSchema } from '../../src/config/locationSettings';

/** What a connection and a location may both set. */
const SHARED = {
  paceTextMs: '100-200',
  paceMediaMs: '1-2',
  paceReplyMs: '0-0',
  paceGroupMs: '30000-60000',
  capHourly: 1,
  capDaily: 2,
  capNewHourly: 0,
  warmupDaily: '',
  quietHours: '22:00-07:00',
  duplicateTextMs: 0,
  holdMaxMs: 1000,
  holdMaxReplyMs: 0,
  holdMaxBulkMs: 1,
  receipts: 'auto',
  atLeastOnce: false,
  receiptAlarmMs: 1,
  receiptWaitMs: 2,
  mediaFallback: 'link',
};
const VALID = { ...SHARED, groups: true, providers: ['provider-1'] };

test('a location may set all of them but what is about one number, and its time zone', () => {
  const own = { ...SHARED, timezone: 'Asia/Kuala_Lumpur' };
  expect(locationSettingsSchema.parse(own)).toEqual(own);
  expect(connectionSettingsSchema.safeParse({ timezone: 'UTC' }).success).toBe(false);
  for (const one of [{ groups: true }, { providers: ['x'] }, { timezone: 'Mars/Olympus' }, { timezone: '' }])
    expect(locationSettingsSchema.safeParse(one).success).toBe(false);
});

test('every setting is known, all are optional, and they stay as written', () => {
  expect(connectionSettingsSchema.parse(VALID)).toEqual(VALID);
  expect(connectionSettingsSchema.parse({})).toEqual({});
  expect(connectionSettingsSchema.parse({ quietHours: ' 22:00-07:00 ' })).toEqual({ quietHours: '22:00-07:00' });
});

test('an unknown name is refused', () => {
  expect(connectionSettingsSchema.safeParse({ capWeekly: 1 }).success).toBe(false);
});

test.each([
  ['paceTextMs', '5-1'],
  ['paceTextMs', 5],
  ['capDaily', 0],
  ['capDaily', '500'],
  ['capDaily', 1.5],
  ['warmupDaily', '1,,2'],
  ['quietHours', '7-8'],
  ['holdMaxMs', -1],
  ['receipts', 'maybe'],
  ['atLeastOnce', 'true'],
  ['receiptWaitMs', null],
  ['mediaFallback', 'drop'],
  ['providers', []],
  ['providers', 'provider-1'],
])('%s: %p is refused, with the mend and without the value', (name, value) => {
  const result = connectionSettingsSchema.safeParse({ [name]: value });
  const [issue] = result.error?.issues ?? [];
  expect(issue?.path).toEqual([name]);
  expect(issue?.message).toMatch(/^must be /);
});
