import type { CheckedSend } from '../../src/sandbox/checkers';
import { isClean, verdictOf, type Acknowledged, type Ended, type Outcome } from '../../src/bench/chaos/verdict';

const CLEAN = { lost: [], doubled: [], inverted: [], unended: [], needlesslyUnknown: [] };

/** A campaign of 12 messages to three contacts that went well; each test plants its breach in it. */
function campaign(): { acknowledged: Acknowledged[]; sends: CheckedSend[]; ends: Ended[] } {
  const acknowledged = Array.from({ length: 12 }, (_, n) => ({
    messageId: `m${n}`,
    number: `6012300000${n % 3}`,
    text: `message ${n}`,
  }));
  const sends = acknowledged.map(({ number, text }, n) => {
    return { instanceId: 'I', number, type: 'text', text, gatewayId: `G${n}` };
  });
  return {
    acknowledged,
    sends,
    ends: acknowledged.map(({ messageId }) => ({ messageId, state: 'read', open: false })),
  };
}

const verdict = (outcome: Omit<Outcome, 'cutOff'>, cutOff = 0) => verdictOf({ ...outcome, cutOff });

it('finds nothing in a campaign that went well', () => {
  expect(verdict(campaign())).toEqual(CLEAN);
  expect(isClean(verdict(campaign()))).toBe(true);
});

it('finds one that was lost, whatever the ledger says of it', () => {
  const { sends, ...rest } = campaign();
  const found = verdict({ ...rest, sends: sends.filter(({ text }) => text !== 'message 7') });
  expect(found).toEqual({ ...CLEAN, lost: ['message 7'] });
  expect(isClean(found)).toBe(false);
});

it('finds one that the ledger has forgotten', () => {
  const { ends, ...rest } = campaign();
  expect(verdict({ ...rest, ends: ends.slice(1) })).toEqual({ ...CLEAN, lost: ['message 0'] });
});

it('finds one that was doubled, through another number too', () => {
  const { sends, ...rest } = campaign();
  const again = { ...sends[4]!, gatewayId: 'G99', instanceId: 'J' };
  expect(verdict({ ...rest, sends: [...sends, again] }).doubled).toHaveLength(1);
});

it('finds one that was inverted, and only within a contact', () => {
  const { sends, ...rest } = campaign();
  const swapped = (a: number, b: number) => sends.map((send, n) => (n === a ? sends[b]! : n === b ? sends[a]! : send));
  expect(verdict({ ...rest, sends: swapped(2, 5) })).toEqual({ ...CLEAN, inverted: ['message 5 before message 2'] });
  expect(verdict({ ...rest, sends: swapped(2, 3) })).toEqual(CLEAN);
});

it('finds one that has not ended', () => {
  const { ends, ...rest } = campaign();
  const open = ends.map((end) => (end.messageId === 'm3' ? { ...end, state: 'sending', open: true } : end));
  expect(verdict({ ...rest, ends: open })).toEqual({ ...CLEAN, unended: ['message 3'] });
});

it('lets as many end as unknown as killed processes had in hand, and no more', () => {
  const { ends, sends, ...rest } = campaign();
  const unknown = ends.map((end) => (['m3', 'm8'].includes(end.messageId) ? { ...end, state: 'unknown' } : end));
  const outcome = { ...rest, ends: unknown, sends: sends.filter(({ text }) => text !== 'message 3') };
  expect(verdict(outcome, 2)).toEqual(CLEAN);
  expect(verdict(outcome, 1)).toEqual({ ...CLEAN, needlesslyUnknown: ['message 8'] });
});
