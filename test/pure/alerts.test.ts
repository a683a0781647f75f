import fc from 'fast-check';
import { CONNECTION_STATES } from '../../src/domain/connectionState';
import { LOCATION_STATES } from '../../src/domain/gate';
import {
  ALERT_KINDS,
  alertsOfCompany,
  alertsOfLocation,
  alertsOfNumber,
  tellBackoffMs,
  type NumberFacts,
  type Trouble,
} from '../../src/domain/alerts';
import { INSTALLATION_STATES } from '../../src/domain/installation';
import { alertWords, CHANGED, GONE, noteText, taskText, type AlertSubject } from '../../src/domain/alertWords';

const NOW = 10_000_000;
const FINE: NumberFacts = {
  now: NOW,
  locationState: 'installed',
  state: 'connected',
  stateSince: 0,
  downSince: null,
  open: new Set(),
  settings: {},
  learnt: null,
  hasReceipts: true,
  unreceiptedSince: null,
  nackedAt: null,
  alertAfterMs: 600_000,
  receiptAlarmMs: 600_000,
};
const kindsOf = (more: Partial<NumberFacts>) => alertsOfNumber({ ...FINE, ...more }).map(({ kind }) => kind);
const down = (ms: number) => ({ stateSince: NOW - ms, downSince: NOW - ms });

describe('the alerts of a number', () => {
  it.each<[string, Partial<NumberFacts>, string[]]>([
    ['all is well', {}, []],
    ['down for less than its time', { state: 'relogin', ...down(599_999) }, []],
    ['down for its time', { state: 'relogin', ...down(600_000) }, ['number_down']],
    ['credentials refused, at once', { state: 'reauth', ...down(0) }, ['reauth']],
    [
      'told and still down for another reason',
      { state: 'quota', ...down(1), open: new Set(['number']) },
      ['number_down'],
    ],
    ['told and connected', { open: new Set<Trouble>(['number']) }, []],
    ['of a location without the app', { state: 'reauth', ...down(600_000), locationState: 'uninstalled' }, []],
    ['a receipt is late', { unreceiptedSince: NOW - 599_999 }, []],
    ['a receipt is missing', { unreceiptedSince: NOW - 600_000 }, ['receipts_missing']],
    ['missing, with the mode full', { unreceiptedSince: 0, settings: { receipts: 'full' } }, ['receipts_missing']],
    ['missing, with the mode none', { unreceiptedSince: 0, settings: { receipts: 'none' } }, []],
    ['missing, and its gateway has none', { unreceiptedSince: 0, hasReceipts: false }, []],
    ['missing, and just connected', { unreceiptedSince: 0, stateSince: NOW - 1 }, []],
    ['missing, and told before', { unreceiptedSince: NOW - 1, open: new Set(['receipts']) }, ['receipts_missing']],
    ['a nack', { nackedAt: NOW }, ['receipts_missing']],
    ['a nack, with the mode none', { nackedAt: NOW, settings: { receipts: 'none' } }, ['receipts_missing']],
    ['learnt that there are none', { unreceiptedSince: 0, learnt: 'none' }, ['receipts_none']],
    ['learnt, and set since', { learnt: 'none', settings: { receipts: 'none' } }, []],
    ['learnt that there are some', { learnt: 'full' }, []],
  ])('%s', (_what, facts, kinds) => expect(kindsOf(facts)).toEqual(kinds));

  const facts: fc.Arbitrary<NumberFacts> = fc
    .record({
      locationState: fc.constantFrom(...LOCATION_STATES),
      state: fc.constantFrom(...CONNECTION_STATES),
      downFor: fc.nat({ max: 2_000_000 }),
      open: fc.uniqueArray(fc.constantFrom<Trouble>('number', 'receipts', 'receipt_mode')),
      learnt: fc.constantFrom('full' as const, 'none' as const, null),
      receipts: fc.constantFrom('auto' as const, 'full' as const, 'none' as const, undefined),
      hasReceipts: fc.boolean(),
      unreceiptedSince: fc.option(fc.nat({ max: NOW })),
      nackedAt: fc.option(fc.nat({ max: NOW })),
    })
    .map(({ downFor, open, receipts, ...more }) => ({
      ...FINE,
      ...more,
      open: new Set(open),
      settings: { receipts },
      stateSince: NOW - downFor,
      downSince: more.state === 'connected' ? null : NOW - downFor,
    }));

  it('are at most one for each trouble', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const troubles = alertsOfNumber(some).map(({ trouble }) => trouble);
        expect(new Set(troubles).size).toBe(troubles.length);
      }),
    );
  });

  it('stay as they are when nothing changes but that they are open now', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const wanted = alertsOfNumber(some);
        const open = new Set([...some.open, ...wanted.map(({ trouble }) => trouble)]);
        expect(alertsOfNumber({ ...some, open }).map(({ kind }) => kind)).toEqual(wanted.map(({ kind }) => kind));
      }),
    );
  });

  it('once open, an alert of a number that is down is closed only by its return or its location', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const kinds = alertsOfNumber({ ...some, open: new Set<Trouble>(['number']) });
        const over = some.state === 'connected' || some.locationState === 'uninstalled';
        expect(kinds.some(({ trouble }) => trouble === 'number')).toBe(!over);
      }),
    );
  });
});

test('a location is told of while it is suspended or has lost its access', () => {
  const told = LOCATION_STATES.filter((state) => alertsOfLocation({ state, stateSince: 1 }).length > 0);
  expect(told).toEqual(['suspended', 'reauth_required']);
});

test('a company is told of while it is not active or has lost its access, as a trouble of its own', () => {
  const told = INSTALLATION_STATES.filter((state) => alertsOfCompany({ state, stateSince: 1 }).length > 0);
  expect(told).toEqual(['suspended', 'reauth_required']);
  expect(alertsOfCompany({ state: 'reauth_required', stateSince: 7 })).toEqual([
    { trouble: 'company', kind: 'company_reauth', since: 7, detail: 'reauth_required' },
  ]);
});

test('what could not be told waits longer each time, at most five minutes', () => {
  expect([1, 2, 3, 9, 10, 400].map(tellBackoffMs)).toEqual([1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
});

describe('what people read', () => {
  const details = [...CONNECTION_STATES.filter((state) => state !== 'connected')];
  const base: AlertSubject = {
    kind: 'number_down',
    phase: 'open',
    detail: 'relogin',
    connectionId: 'conn-1',
    since: 0,
  };
  const all: AlertSubject[] = ALERT_KINDS.flatMap((kind) =>
    (['open', 'closed'] as const).flatMap((phase) =>
      [...details, '0', 'nack', 'no_receipt', 'learnt', 'suspended', 'reauth_required', CHANGED, GONE]
        .filter((detail) => !kind.startsWith('number') || phase === 'closed' || details.includes(detail as never))
        .filter((detail) => kind !== 'outage' || phase === 'closed' || detail === '0')
        .filter((detail) => kind !== 'backlog' || phase === 'closed' || detail === '0')
        .filter((detail) => kind !== 'reauth' || phase === 'closed' || detail === 'reauth')
        .map((detail) => ({ ...base, kind, phase, detail })),
    ),
  );

  it.each(all.map((alert) => [alert.kind, alert.phase, alert.detail, alert] as const))(
    'to the operator is sentences: %s, %s, %s',
    (_kind, _phase, _detail, alert) => {
      for (const words of Object.values(alertWords(alert))) expect(words).toMatch(/^[A-Z][^<>]*\.$/);
      expect(JSON.stringify(alertWords(alert))).not.toMatch(/undefined|null|\d{7}/);
    },
  );

  it.each(details)('in GHL says why, since when and what to do: %s', (detail) => {
    const open = { ...base, detail };
    const { title, body } = taskText(open);
    for (const text of [noteText(open), body]) expect(text).toMatch(/1970-01-01 00:00:00 UTC.*What to do: .+\.$/);
    expect(title).toMatch(/^WhatsApp can not send: .+/);
    expect(noteText({ ...open, phase: 'closed' })).toContain('is back');
  });

  it('is another note for another outage, so that each can be found again', () => {
    expect(noteText(base)).not.toBe(noteText({ ...base, since: 1_000 }));
    expect(noteText({ ...base, phase: 'closed' })).not.toContain(noteText(base));
  });

  it('tells an outage that goes on from one that is over', () => {
    expect(alertWords({ ...base, phase: 'closed' }).text).toContain('is connected again');
    expect(alertWords({ ...base, phase: 'closed', detail: CHANGED }).text).toContain('still can not send');
    expect(alertWords({ ...base, phase: 'closed', detail: GONE }).text).toContain('no longer in use');
  });
});
