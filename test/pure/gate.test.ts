import fc from 'fast-check';
import { CONNECTION_STATES, HOLD_WORDS, type ConnectionState } from '../../src/domain/connectionState';
import {
  gateOf,
  INSTALL_WAIT_MS,
  LOCATION_STATES,
  type ConnectionFacts,
  type GateFacts,
  type LocationState,
} from '../../src/domain/gate';

const NOW = 1_800_000_000_000;
const HOLD_MAX = 259_200_000;
const DAY = 24 * 3600 * 1000;

function facts(more: Partial<GateFacts> = {}): GateFacts {
  return {
    now: NOW,
    direction: 'outbound',
    locationState: 'installed',
    firstConnectedAt: NOW - DAY,
    connection: { state: 'connected', since: NOW - 1_000, words: null, trialAt: null, pausedAt: null },
    acceptedAt: NOW,
    holdSince: null,
    holdMaxMs: HOLD_MAX,
    optedOut: false,
    confirmsOptOut: false,
    ...more,
  };
}
const on = (state: ConnectionState, more: Partial<ConnectionFacts> = {}) => ({
  connection: { state, since: NOW - 1_000, words: null, trialAt: null, pausedAt: null, ...more },
});

describe('gateOf', () => {
  it('is open on a connected number of an installed location', () => {
    expect(gateOf(facts())).toEqual({ kind: 'open' });
  });

  it.each<[LocationState, string, number, string]>([
    ['unknown', 'not_installed', INSTALL_WAIT_MS, 'not_installed_expired'],
    ['suspended', 'suspended', HOLD_MAX, 'expired_while_held'],
    ['reauth_required', 'reauth_required', HOLD_MAX, 'expired_while_held'],
  ])('holds for a location that is %s', (locationState, reason, ms, expireAs) => {
    expect(gateOf(facts({ locationState }))).toMatchObject({ kind: 'hold', reason, until: NOW + ms, expireAs });
  });

  it('cancels for one that was uninstalled', () => {
    expect(gateOf(facts({ locationState: 'uninstalled' }))).toEqual({
      kind: 'end',
      as: 'cancelled',
      reason: 'uninstalled',
      text: null,
    });
  });

  it('waits a day for a first number', () => {
    const gate = gateOf(facts({ connection: null }));
    expect(gate).toMatchObject({ kind: 'hold', reason: 'no_connection', until: NOW + DAY });
  });

  it.each(CONNECTION_STATES.filter((state) => state !== 'connected'))(
    'holds on a number that is %s, with its words',
    (state) => {
      const gate = gateOf(facts(on(state)));
      expect(gate).toMatchObject({
        kind: 'hold',
        reason: state,
        until: NOW + HOLD_MAX,
        expireAs: 'expired_while_held',
      });
      const { text } = gate as { text: string };
      expect(text).toContain(HOLD_WORDS[state].why);
      expect(text).toContain(HOLD_WORDS[state].next);
      expect(text).toContain(new Date(NOW - 1_000).toISOString());
    },
  );

  it('says when one message is tried, and lets the head try from then on', () => {
    const before = gateOf(facts(on('quota', { trialAt: NOW + 1 })));
    const due = gateOf(facts(on('quota', { trialAt: NOW })));
    expect(before).toMatchObject({ kind: 'hold', trial: false });
    expect((before as { text: string }).text).toContain(`tried at ${new Date(NOW + 1).toISOString()}`);
    expect(due).toMatchObject({ kind: 'hold', trial: true });
  });

  it('ends a hold that lasted too long, trial or not, with what the number was held for', () => {
    const long = { holdSince: NOW - HOLD_MAX };
    const words = 'The plan is used up; raise it.';
    expect(gateOf(facts({ ...long, ...on('quota', { words, trialAt: NOW }) }))).toEqual({
      kind: 'end',
      as: 'failed',
      reason: 'expired_while_held',
      text: `The number could not send for too long. ${words} Then send again if it still matters.`,
    });
    const { text } = gateOf(facts({ ...long, ...on('relogin') })) as { text: string };
    expect(text).toBe(
      'The number could not send for too long: the number is logged out. Scan the QR code of the number again. Then send again if it still matters.',
    );
  });

  it.each(CONNECTION_STATES)('lets what has arrived through, also while the number is %s', (state) => {
    expect(gateOf(facts({ direction: 'inbound', ...on(state) }))).toEqual({ kind: 'open' });
  });

  it('fails what goes to a contact who has opted out, held or not, but for what confirms it', () => {
    const refused = { kind: 'end', as: 'failed', reason: 'opted_out', text: null };
    expect(gateOf(facts({ optedOut: true }))).toEqual(refused);
    expect(gateOf(facts({ optedOut: true, ...on('relogin') }))).toEqual(refused);
    expect(gateOf(facts({ optedOut: true, confirmsOptOut: true }))).toEqual({ kind: 'open' });
    expect(gateOf(facts({ optedOut: true, direction: 'inbound' }))).toEqual({ kind: 'open' });
    expect(gateOf(facts({ optedOut: true, locationState: 'uninstalled' }))).toMatchObject({ reason: 'uninstalled' });
  });

  it('cancels a confirmation that another word has overtaken', () => {
    const overtaken = { kind: 'end', as: 'cancelled', reason: 'opted_in_again', text: null };
    expect(gateOf(facts({ confirmsOptOut: true }))).toEqual(overtaken);
  });

  const anything: fc.Arbitrary<GateFacts> = fc.record({
    now: fc.constant(NOW),
    direction: fc.constantFrom('outbound' as const, 'inbound' as const),
    locationState: fc.constantFrom(...LOCATION_STATES),
    firstConnectedAt: fc.constant(null),
    connection: fc.option(
      fc.record({
        state: fc.constantFrom(...CONNECTION_STATES),
        since: fc.constant(NOW),
        words: fc.constant(null),
        trialAt: fc.option(fc.integer({ min: NOW - DAY, max: NOW + DAY })),
        pausedAt: fc.option(fc.integer({ min: NOW - DAY, max: NOW })),
      }),
    ),
    acceptedAt: fc.integer({ min: NOW - 10 * DAY, max: NOW }),
    holdSince: fc.option(fc.integer({ min: NOW - 10 * DAY, max: NOW })),
    holdMaxMs: fc.integer({ min: 1, max: 5 * DAY }),
    optedOut: fc.boolean(),
    confirmsOptOut: fc.boolean(),
  });

  it('never holds beyond its deadline: what is still held then, ends', () => {
    fc.assert(
      fc.property(anything, (one) => {
        const gate = gateOf(one);
        if (gate.kind !== 'hold') return;
        expect(gate.until).toBeGreaterThan(NOW);
        const holdSince = one.holdSince ?? one.now;
        expect(gateOf({ ...one, holdSince, now: gate.until - 1 })).toMatchObject({ kind: 'hold', until: gate.until });
        const end = gateOf({ ...one, holdSince, now: gate.until });
        expect(end).toEqual({ kind: 'end', as: 'failed', reason: gate.expireAs, text: gate.expireText });
      }),
      { numRuns: 1_000 },
    );
  });
});
