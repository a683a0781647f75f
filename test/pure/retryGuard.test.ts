import fc from 'fast-check';
import { isOpen, MESSAGE_STATUSES, type MessageStatus, type Told } from '../../src/domain/messageStatus';
import {
  followedTo,
  heedEarlier,
  isProof,
  RETRY_WINDOW_MS,
  retriedSend,
  type EqualMessage,
} from '../../src/domain/retryGuard';

const NOW = 1_800_000_000_000;
const TOLD: Told[] = ['nothing', 'outdated', 'pending', 'unknown', 'delivered', 'read', 'failed'];
const status = fc.constantFrom(...MESSAGE_STATUSES);

const equalWith = (own: Partial<EqualMessage>): EqualMessage => ({
  messageId: 'm1',
  attempt: 1,
  state: 'unknown',
  stateSince: NOW - 1_000,
  told: 'nothing',
  heeds: null,
  ...own,
});

const equals = fc.array(
  fc.record({
    messageId: fc.uuid(),
    attempt: fc.integer({ min: 1, max: 3 }),
    state: status,
    stateSince: fc.integer({ min: NOW - 2 * RETRY_WINDOW_MS, max: NOW }),
    told: fc.constantFrom(...TOLD),
    heeds: fc.option(fc.record({ messageId: fc.uuid(), attempt: fc.constant(1) })),
  }),
  { maxLength: 6 },
);

describe('which earlier message is waited for', () => {
  it('only ever the newest that was not cancelled, or what that one waits for', () => {
    fc.assert(
      fc.property(equals, (history) => {
        const send = retriedSend(history, NOW);
        if (send === null) return;
        const newest = history.find(({ state }) => state !== 'cancelled')!;
        const { messageId, attempt, heeds } = newest;
        expect([{ messageId, attempt }, heeds]).toContainEqual(send);
        expect(newest.stateSince).toBeGreaterThanOrEqual(NOW - RETRY_WINDOW_MS);
      }),
    );
  });

  it('what lies before the newest changes nothing', () => {
    fc.assert(
      fc.property(equals, equals, (newer, older) => {
        fc.pre(newer.some(({ state }) => state !== 'cancelled'));
        expect(retriedSend([...newer, ...older], NOW)).toEqual(retriedSend(newer, NOW));
      }),
    );
  });

  it('none while the newest is fine, failed, or being sent: the new one is sent like any other', () => {
    fc.assert(
      fc.property(
        equals,
        fc.constantFrom<MessageStatus>('sending', 'sent', 'delivered', 'read', 'failed'),
        (older, state) => {
          const newest = equalWith({ state, told: isProof(state) ? 'delivered' : 'nothing' });
          expect(retriedSend([newest, ...older], NOW)).toBeNull();
        },
      ),
    );
  });

  it('an unknown one, for a day from its end', () => {
    const unknown = equalWith({ state: 'unknown', stateSince: NOW - RETRY_WINDOW_MS });
    expect(retriedSend([unknown], NOW)).toEqual({ messageId: 'm1', attempt: 1 });
    expect(retriedSend([unknown], NOW + 1)).toBeNull();
  });

  it('also one that is proven by now, while GHL still shows it as unknown', () => {
    for (const state of MESSAGE_STATUSES.filter(isProof)) {
      expect(retriedSend([equalWith({ state, told: 'unknown' })], NOW)).not.toBeNull();
      expect(retriedSend([equalWith({ state, told: 'delivered' })], NOW)).toBeNull();
    }
  });

  it('through a retry that waits itself: whoever presses twice waits for the same', () => {
    const heeds = { messageId: 'm0', attempt: 2 };
    for (const state of MESSAGE_STATUSES.filter(isOpen).filter((one) => one !== 'sending')) {
      expect(retriedSend([equalWith({ state, heeds })], NOW)).toEqual(heeds);
      expect(retriedSend([equalWith({ state })], NOW)).toBeNull();
    }
  });

  it('none is known of where nothing equal was sent', () => {
    expect(retriedSend([], NOW)).toBeNull();
  });
});

describe('what a retry does by the earlier sends', () => {
  const sends = fc.array(fc.record({ messageId: fc.uuid(), attempt: fc.integer({ min: 1, max: 3 }), state: status }));
  const until = fc.integer({ min: NOW - 5, max: NOW + 5 });

  it('is to be sent only when nothing is proven and the time is over', () => {
    fc.assert(
      fc.property(sends, until, (earlier, end) => {
        const { kind } = heedEarlier(earlier, end, NOW);
        const proven = earlier.some(({ state }) => isProof(state));
        expect(kind).toBe(proven ? 'follow' : end > NOW ? 'wait' : 'send');
      }),
    );
  });

  it('follows the one that got furthest, the newest of several', () => {
    fc.assert(
      fc.property(sends, until, (earlier, end) => {
        const answer = heedEarlier(earlier, end, NOW);
        if (answer.kind !== 'follow') return;
        const order: MessageStatus[] = ['sent', 'delivered', 'read'];
        const furthest = Math.max(...earlier.map(({ state }) => order.indexOf(state)));
        expect(order.indexOf(answer.state)).toBe(furthest);
        const first = earlier.find(({ state }) => state === answer.state)!;
        expect(answer.send).toEqual({ messageId: first.messageId, attempt: first.attempt });
      }),
    );
  });

  it('never waits longer than it was given', () => {
    fc.assert(
      fc.property(sends, until, (earlier, end) => {
        const answer = heedEarlier(earlier, end, NOW);
        expect(answer).toEqual(answer.kind === 'wait' ? { kind: 'wait', ms: end - NOW } : answer);
      }),
    );
  });
});

describe('what follows goes', () => {
  it('forward only, and back to unknown only by a nack', () => {
    fc.assert(
      fc.property(status, status, fc.boolean(), (own, state, nacked) => {
        const next = followedTo(own, { state, nacked });
        fc.pre(next !== null);
        const takenBack = nacked && (own === 'sent' || own === 'delivered');
        expect(next === 'unknown' ? takenBack : next === state).toBe(true);
        expect(next).not.toBe(own);
      }),
    );
  });

  it('comes to rest: where it has followed, it stays until there is news', () => {
    fc.assert(
      fc.property(status, status, fc.boolean(), (own, state, nacked) => {
        const next = followedTo(own, { state, nacked });
        fc.pre(next !== null);
        expect(followedTo(next, { state, nacked })).toBeNull();
      }),
    );
  });

  it('an end of its own wait for a receipt is not taken back by an earlier one that is only sent', () => {
    expect(followedTo('unknown', { state: 'sent', nacked: false })).toBeNull();
    expect(followedTo('unknown', { state: 'delivered', nacked: false })).toBe('delivered');
  });
});
