import type * as Parts from '../../src/domain/parts';

/**
 * The module of parts with a text cut at its lines, which makes short texts of several parts. For jest.mock, in a case
 * that is about what becomes of parts and not of how they are cut.
 */
export function linesAsParts(actual: typeof Parts): typeof Parts {
  return {
    ...actual,
    planParts: ({ text = '' }) =>
      Array.from(text.matchAll(/[^\n]+/g), ({ index, 0: line }) => ({
        kind: 'text',
        slice: [index, index + line.length],
      })),
  };
}
