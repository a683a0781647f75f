import { isAuto, receiptMode, unreceiptedForMs } from '../../src/domain/receipts';

describe('what counts as a delivery', () => {
  it.each([
    [{}, null, 'full'],
    [{ receipts: 'auto' }, null, 'full'],
    [{ receipts: 'auto' }, 'none', 'none'],
    [{ receipts: 'auto' }, 'full', 'full'],
    [{ receipts: 'full' }, 'none', 'full'],
    [{ receipts: 'none' }, 'full', 'none'],
  ] as const)('%j, learnt %s: %s', (settings, learnt, mode) => expect(receiptMode(settings, learnt)).toBe(mode));

  it('is found out unless somebody has decided', () => {
    expect(
      [{}, { receipts: 'auto' }, { receipts: 'full' }, { receipts: 'none' }].map((one) => isAuto(one as object)),
    ).toEqual([true, true, false, false]);
  });
});

test('a number waits for a receipt only while it is connected', () => {
  const facts = { now: 1_000, connected: true, stateSince: 0, unreceiptedSince: 400 };
  expect(unreceiptedForMs(facts)).toBe(600);
  expect(unreceiptedForMs({ ...facts, stateSince: 900 })).toBe(100);
  expect(unreceiptedForMs({ ...facts, connected: false })).toBeNull();
  expect(unreceiptedForMs({ ...facts, unreceiptedSince: null })).toBeNull();
});
