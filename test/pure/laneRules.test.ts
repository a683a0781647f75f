import fc from 'fast-check';
import { treatedAs, unpaced, type LaneRules } from '../../src/domain/laneRules';
import { isTimeZone } from '../../src/domain/ruleTexts';
import type { StoreContext } from '../../src/store/context';
import { rulesOf } from '../../src/store/laneRules';
import { ownSettingsOf } from '../../src/store/ownSettings';
import type { ConnectionRow, LocationRow } from '../../src/store/rows';
import { GATEWAYS, RULES } from '../support/storeAt';

const CTX = { rules: RULES, capabilities: (gateway: string) => GATEWAYS[gateway] } as unknown as StoreContext;

function rules(connection: object, location: object, more: Partial<LocationRow> = {}, gateway = 'waapify'): LaneRules {
  const number = { settings: JSON.stringify(connection), gateway } as ConnectionRow;
  return rulesOf(CTX, number, { settings: JSON.stringify(location), timezone: null, ...more } as LocationRow);
}

describe('the rules of a lane', () => {
  it('are those of the environment where nobody has said otherwise', () => {
    expect(rules({}, {})).toEqual({ ...RULES, timeZone: 'UTC' });
    expect(rulesOf(CTX, null, undefined)).toEqual(unpaced({ ...RULES, timeZone: 'UTC' }));
  });

  it('are parsed out of the texts in which they are written', () => {
    const set = rules(
      { paceGroupMs: '1-2', warmupDaily: '5,6', quietHours: '22:00-07:30' },
      { paceMediaMs: '3-4', duplicateTextMs: 9, capNewHourly: 0 },
    );
    expect(set).toMatchObject({
      pace: { group: { minMs: 1, maxMs: 2 }, media: { minMs: 3, maxMs: 4 }, text: RULES.pace.text },
      ...{ warmupDaily: [5, 6], quietHours: { fromMinute: 1320, toMinute: 450 }, duplicateTextMs: 9, capNewHourly: 0 },
    });
  });

  it('of a number stand above its location’s, and off is a word like any other', () => {
    const off = { quietHours: '', warmupDaily: '' };
    const on = { quietHours: '22:00-07:00', warmupDaily: '5' };
    expect(rules(off, on)).toMatchObject({ quietHours: null, warmupDaily: [] });
    expect(rules(on, off)).toMatchObject({ quietHours: { fromMinute: 1320 }, warmupDaily: [5] });
  });

  it('each come from the first of number, location and environment that has it, whatever the others set', () => {
    const names = ['capHourly', 'capDaily', 'capNewHourly', 'duplicateTextMs'] as const;
    const some = fc.record(
      Object.fromEntries(names.map((name) => [name, fc.integer({ min: 1, max: 999 })])) as Record<
        (typeof names)[number],
        fc.Arbitrary<number>
      >,
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(some, some, (number, location) => {
        const found = rules(number, location);
        for (const name of names) expect(found[name]).toBe(number[name] ?? location[name] ?? RULES[name]);
      }),
    );
  });

  it.each<[string, object, object, number, number]>([
    ['both of the location', {}, { holdMaxMs: 1 }, 1, 1],
    ['one class above both of the same level', {}, { holdMaxMs: 1, holdMaxBulkMs: 2 }, 1, 2],
    ['one class, and the environment', {}, { holdMaxReplyMs: 0 }, 0, RULES.holdMaxMs.bulk],
    ['both of the number above one class of the location', { holdMaxMs: 3 }, { holdMaxBulkMs: 2 }, 3, 3],
    ['one class of the number, the rest of the location', { holdMaxReplyMs: 4 }, { holdMaxMs: 1 }, 4, 1],
  ])('hold as long as is said: %s', (_what, number, location, reply, bulk) => {
    expect(rules(number, location).holdMaxMs).toEqual({ reply, bulk });
  });

  it.each<[string, object, string | null, string]>([
    ['its own setting', { timezone: 'Asia/Kuala_Lumpur' }, 'Europe/Berlin', 'Asia/Kuala_Lumpur'],
    ['what GHL has', {}, 'Europe/Berlin', 'Europe/Berlin'],
    ['not what nobody knows', {}, 'Mars/Olympus', 'UTC'],
    ['nothing known', {}, null, 'UTC'],
  ])('have the time zone of the location: %s', (_what, location, timezone, zone) => {
    expect(rules({}, location, { timezone }).timeZone).toBe(zone);
  });

  it('follow what is said now, although they are remembered', () => {
    const text = { capDaily: 7 };
    expect(rules(text, {})).toBe(rules(text, {}));
    expect(rules({ capDaily: 8 }, {}).capDaily).toBe(8);
    expect(rules({}, text).capDaily).toBe(7);
    expect(rules(text, {}, { timezone: 'Europe/Berlin' }).timeZone).toBe('Europe/Berlin');
  });

  it('pace nothing on a gateway that needs no pace, but holds end as ever', () => {
    expect(rules({ holdMaxMs: 5, capDaily: 1 }, {}, {}, 'test')).toMatchObject({
      pace: { text: { minMs: 0, maxMs: 0 }, reply: { minMs: 0, maxMs: 0 } },
      ...{ capHourly: 0, capDaily: 0, capNewHourly: 0, warmupDaily: [], quietHours: null },
      holdMaxMs: { reply: 5, bulk: 5 },
    });
  });
});

test("a connection's own settings never reach another one with the same location, nor its location another's", () => {
  const [own, other] = [{ settings: '{"capDaily":1}' }, { settings: '{}' }];
  const location = { settings: '{"receipts":"none"}' };
  expect(ownSettingsOf(own, location)).toEqual({ capDaily: 1, receipts: 'none' });
  expect(ownSettingsOf(other, location)).toEqual({ receipts: 'none' });
  expect(ownSettingsOf(other, undefined)).toEqual({});
});

test('by its rank a message is treated as a reply or as bulk', () => {
  expect([0, 1, 2].map((rank) => treatedAs({ rank }))).toEqual(['reply', 'reply', 'bulk']);
});

test('a time zone is one that this machine knows', () => {
  expect(['Asia/Kuala_Lumpur', 'UTC', '', 'Mars/Olympus'].map(isTimeZone)).toEqual([true, true, false, false]);
});
