import fc from 'fast-check';
import {
  furtherTold,
  ghlStatusWord,
  isOpen,
  mayAdvance,
  MESSAGE_STATUSES,
  nextTold,
  statusOfParts,
  type MessageStatus,
  type PartState,
  type Told,
} from '../../src/domain/messageStatus';

const PART_STATES: PartState[] = [
  'unsent',
  'sending',
  'ambiguous',
  'sent',
  'delivered',
  'read',
  'failed',
  'unknown',
  'cancelled',
];
const TOLD: Told[] = ['nothing', 'pending', 'unknown', 'delivered', 'read', 'failed'];
const status = fc.constantFrom(...MESSAGE_STATUSES);
const part = fc.constantFrom(...PART_STATES);
const told = fc.constantFrom(...TOLD);

describe('statusOfParts', () => {
  it.each<[PartState[], MessageStatus]>([
    [['unsent', 'unsent'], 'waiting'],
    [['sent', 'unsent'], 'waiting'],
    [['sending', 'unsent'], 'sending'],
    [['ambiguous', 'sent'], 'sending'],
    [['unknown', 'unsent'], 'waiting'],
    [['unknown', 'delivered'], 'unknown'],
    [['sent', 'read'], 'sent'],
    [['delivered', 'read'], 'delivered'],
    [['read', 'read'], 'read'],
    [['sent', 'failed', 'cancelled'], 'failed'],
    [['cancelled'], 'cancelled'],
    [[], 'failed'],
  ])('%j is %s', (parts, expected) => {
    expect(statusOfParts(parts, 'waiting')).toBe(expected);
  });

  it('does not depend on the order of the parts', () => {
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(statusOfParts([...parts].reverse(), 'accepted')).toBe(statusOfParts(parts, 'accepted'));
      }),
    );
  });

  it('is open exactly while a part can still be sent and none has failed', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), (parts) => {
        const stopped = parts.some((one) => one === 'failed' || one === 'cancelled');
        const unfinished = parts.some((one) => one === 'unsent' || one === 'sending' || one === 'ambiguous');
        expect(isOpen(statusOfParts(parts, 'accepted'))).toBe(unfinished && !stopped);
      }),
    );
  });
});

describe('mayAdvance', () => {
  it('goes forward only: no way leads back to where it came from', () => {
    fc.assert(
      fc.property(status, status, status, (a, b, c) => {
        expect(mayAdvance(a, a)).toBe(false);
        expect(mayAdvance(a, b) && mayAdvance(b, a)).toBe(false);
        expect(mayAdvance(a, b) && mayAdvance(b, c) && !mayAdvance(a, c)).toBe(false);
      }),
    );
  });

  it('lets nothing leave failed and cancelled, and lets a late proof correct unknown', () => {
    for (const to of MESSAGE_STATUSES) {
      expect(mayAdvance('failed', to)).toBe(false);
      expect(mayAdvance('cancelled', to)).toBe(false);
    }
    for (const to of ['sent', 'delivered', 'read'] as const) expect(mayAdvance('unknown', to)).toBe(true);
  });
});

describe('what GHL is told', () => {
  const FURTHER: Record<Told, number> = {
    nothing: 0,
    outdated: 0,
    pending: 1,
    unknown: 2,
    delivered: 3,
    read: 4,
    failed: 5,
  };

  it('only advances: pending < failed (unknown) < delivered < read, and failed ends it', () => {
    fc.assert(
      fc.property(fc.array(status, { maxLength: 20 }), (life) => {
        let known: Told = 'nothing';
        for (const now of life) {
          const next = nextTold(now, known);
          if (next === null) continue;
          expect(FURTHER[next]).toBeGreaterThan(FURTHER[known]);
          expect(known).not.toBe('failed');
          known = next;
        }
      }),
    );
  });

  it('comes to rest: what was told is not told again', () => {
    fc.assert(
      fc.property(status, told, (now, known) => {
        const told = nextTold(now, known) ?? known;
        // A new attempt is told twice: that it is pending, and how far it is by now.
        const further = known === 'outdated' ? (nextTold(now, told) ?? told) : told;
        expect(nextTold(now, further)).toBeNull();
      }),
    );
  });

  it.each<[MessageStatus, Told, Told | null]>([
    ['waiting', 'nothing', null],
    ['sent', 'nothing', null],
    ['unknown', 'nothing', 'unknown'],
    ['delivered', 'unknown', 'delivered'],
    ['read', 'nothing', 'read'],
    ['delivered', 'read', null],
    ['unknown', 'delivered', null],
    ['cancelled', 'nothing', 'failed'],
    ['failed', 'delivered', 'failed'],
    ['read', 'failed', null],
  ])('%s after %s: %s', (now, known, next) => {
    expect(nextTold(now, known)).toBe(next);
  });

  it.each(MESSAGE_STATUSES)('begins at pending after a resend, however far that is: %s', (now) => {
    expect(nextTold(now, 'outdated')).toBe('pending');
  });

  it("is said in GHL's four words", () => {
    const words = TOLD.flatMap((one) => (one === 'nothing' || one === 'outdated' ? [] : [ghlStatusWord(one)]));
    expect(words).toEqual(['pending', 'failed', 'delivered', 'read', 'failed']);
  });

  it('is never taken back by a teller that comes behind', () => {
    fc.assert(
      fc.property(told, told, (one, other) => {
        const further = furtherTold(one, other);
        expect(FURTHER[further]).toBe(Math.max(FURTHER[one], FURTHER[other]));
      }),
    );
  });
});
