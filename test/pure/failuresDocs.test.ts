import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureCatalogue } from '../../src/failures/catalogue';
import { renderFailures } from '../../src/failures/page';
import { whatIsWrong } from '../support/sentences';

/** To write the lists anew after a change of words: WRITE_DOCS=1 npx jest test/pure/failuresDocs */
const DOC = join(__dirname, '../../docs/failures.md');
const BETWEEN = /(<!-- failures-start[^\n]*-->\n)([\s\S]*?)(<!-- failures-end -->)/;
const failures = failureCatalogue().flatMap((group) => group.failures);

beforeAll(() => {
  if (process.env.WRITE_DOCS !== '1') return;
  const lists = renderFailures();
  writeFileSync(
    DOC,
    readFileSync(DOC, 'utf8').replace(BETWEEN, (_, start, __, end) => `${start}${lists}\n${end}`),
  );
});

test('docs/failures.md holds the lists of the code (WRITE_DOCS=1 writes them)', () => {
  expect(BETWEEN.exec(readFileSync(DOC, 'utf8'))?.[2]).toBe(`${renderFailures()}\n`);
});

test('each code stands there once, sorted in its group', () => {
  const codes = failures.map(({ code }) => code);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  for (const group of failureCatalogue()) {
    const inGroup = group.failures.map(({ code }) => code);
    expect(inGroup).toEqual([...inGroup].sort());
  }
});

test.each(failures.filter(({ inGhl }) => inGhl).map(({ code, words }) => [code, words]))(
  'what people in GHL read of %s is a sentence with a next step',
  (_code, words) => expect(whatIsWrong(words)).toEqual([]),
);

test.each(failures.filter(({ inGhl }) => !inGhl).map(({ code, words }) => [code, words]))(
  'what %s waits for is a sentence',
  (_code, words) => expect(whatIsWrong(words).filter((fault) => fault !== 'no next step')).toEqual([]),
);

test.each(failures.map(({ code, ops, then }) => [code, ops, then]))(
  'the operator is told in a sentence what to do about %s, and what becomes of it',
  (_code, ops, then) => {
    expect(ops).toMatch(/^[A-Z].{10,}\.$/);
    expect(then).toMatch(/^(waits|fails|unknown|cancelled|held|tried again)/);
  },
);
