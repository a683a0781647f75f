import fc from 'fast-check';
import { findDuplicates, findInversions, findLost, type CheckedSend } from '../../src/sandbox/checkers';

let next = 0;
const send = (number: string, text: string, more: Partial<CheckedSend> = {}): CheckedSend => ({
  instanceId: 'I1',
  number,
  type: 'text',
  text,
  gatewayId: `3EB0${(next += 1)}`,
  ...more,
});

describe('findDuplicates', () => {
  it('finds a planted double, whatever lies between', () => {
    const first = send('60123', 'hello', { gatewayId: 'A' });
    const sends = [first, send('60123', 'other'), send('60124', 'hello'), { ...first, gatewayId: 'B' }];
    expect(findDuplicates(sends).map(({ gatewayIds }) => gatewayIds)).toEqual([['A', 'B']]);
  });

  it('finds a double that went through another number', () => {
    expect(findDuplicates([send('60123', 'x'), send('60123', 'x', { instanceId: 'I2' })])).toHaveLength(1);
  });

  it('tells a text from a file with the same caption, and two files apart', () => {
    const file = (mediaUrl: string) => send('60123', 'x', { type: 'media', mediaUrl });
    expect(findDuplicates([send('60123', 'x'), file('http://b/t1/a.png'), file('http://b/t2/b.png')])).toEqual([]);
  });

  it('takes one file at two addresses for a double', () => {
    const file = (mediaUrl: string) => send('60123', '', { type: 'media', mediaUrl });
    expect(findDuplicates([file('http://b/t1/a.png?s=1'), file('http://b/t2/a.png?s=2')])).toHaveLength(1);
  });

  it('lets a test say what makes two sends the same', () => {
    const sends = [send('60123', 'hi'), send('60123', 'hi')];
    expect(findDuplicates(sends, ({ gatewayId }) => gatewayId)).toEqual([]);
  });
});

describe('findInversions', () => {
  it('finds a planted inversion of one contact and leaves the others alone', () => {
    const sends = [send('60123', 'two'), send('60124', 'b'), send('60123', 'one'), send('60124', 'a')];
    const order = { 60123: ['one', 'two'], 60124: ['b', 'a'] };
    expect(findInversions(sends, order)).toEqual([{ number: '60123', earlier: 'one', later: 'two' }]);
  });

  it('does not mind a gap, and looks over it', () => {
    expect(findInversions([send('6', 'a'), send('6', 'c')], { 6: ['a', 'b', 'c'] })).toEqual([]);
    expect(findInversions([send('6', 'c'), send('6', 'a')], { 6: ['a', 'b', 'c'] })).toHaveLength(1);
  });

  it('finds one in every order but the right one', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e'], { minLength: 5 }), (order) => {
        const found = findInversions(
          order.map((text) => send('6', text)),
          { 6: ['a', 'b', 'c', 'd', 'e'] },
        );
        expect(found.length === 0).toBe(order.join('') === 'abcde');
      }),
    );
  });
});

describe('findLost', () => {
  it('finds what was planted as lost', () => {
    const expected = [
      { number: '60123', text: 'one' },
      { number: '60123', text: 'two' },
      { number: '60124', text: 'one' },
    ];
    expect(findLost(expected, [send('60123', 'one'), send('60124', 'one')])).toEqual([expected[1]]);
  });

  it('counts: the same text twice wants two sends', () => {
    const expected = [
      { number: '6', text: 'hi' },
      { number: '6', text: 'hi' },
    ];
    expect(findLost(expected, [send('6', 'hi')])).toHaveLength(1);
    expect(findLost(expected, [send('6', 'hi'), send('6', 'hi')])).toEqual([]);
  });
});
