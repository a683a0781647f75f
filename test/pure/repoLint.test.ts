import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

interface Sample {
  /** Rules depend on where the code lies; the name must be a file's, its text is replaced. */
  file: string;
  code: string;
}

/** ESLint's configuration is an ES module, which Jest does not load: so a process of its own judges all samples. */
const JUDGE = `
  import { ESLint } from 'eslint';
  import { text } from 'node:stream/consumers';
  const eslint = new ESLint();
  const verdicts = [];
  for (const { file, code } of JSON.parse(await text(process.stdin))) {
    const [{ messages }] = await eslint.lintText(code, { filePath: file });
    verdicts.push(messages.map(({ ruleId, message }) => ruleId ?? message));
  }
  console.log(JSON.stringify(verdicts));`;

const WORKFLOW = 'workflows/index.ts';
const DOMAIN = 'src/domain/errors.ts';
const TEST = 'test/pure/repoLint.test.ts';

const bad: [string, Sample, string][] = [
  ['a workflow that imports a node builtin', { file: WORKFLOW, code: "import 'node:fs';" }, 'no-restricted-imports'],
  ['a workflow that imports a client', { file: WORKFLOW, code: "import 'undici';" }, 'no-restricted-imports'],
  ['a workflow that imports the store', { file: WORKFLOW, code: "import '../src/store/db';" }, 'bridge/layers'],
  ['a workflow that runs activities', { file: WORKFLOW, code: "import '../activities';" }, 'bridge/layers'],
  [
    'a workflow that reads the environment',
    { file: WORKFLOW, code: 'export const e = process.env;' },
    'no-restricted-globals',
  ],
  ['a workflow that prints', { file: WORKFLOW, code: "console.log('x');" }, 'no-console'],
  ['domain code that imports the store', { file: DOMAIN, code: "import '../store/db';" }, 'bridge/layers'],
  ['domain code that does IO', { file: DOMAIN, code: "import 'node:fs';" }, 'no-restricted-imports'],
  ['a promise nobody waits for', { file: DOMAIN, code: 'Promise.resolve(1);' }, 'no-floating-promises'],
  ['any', { file: DOMAIN, code: 'export const x: any = 1;' }, 'no-explicit-any'],
  ['a file of 251 lines', { file: DOMAIN, code: 'export {};\n'.repeat(251) }, 'max-lines'],
  [
    'a comment that turns a rule off',
    { file: DOMAIN, code: '/* eslint-disable no-console */\nconsole.log(1);' },
    'no-console',
  ],
  ['a focused test', { file: TEST, code: "it.only('x', () => { expect(1).toBe(1); });" }, 'jest/no-focused-tests'],
  [
    'a test that is switched off',
    { file: TEST, code: "it.skip('x', () => { expect(1).toBe(1); });" },
    'jest/no-disabled-tests',
  ],
  ['a test without an expectation', { file: TEST, code: "it('x', () => undefined);" }, 'jest/expect-expect'],
];
const good: [string, Sample][] = [
  [
    'a workflow with the types of activities',
    { file: WORKFLOW, code: "import type * as a from '../activities';\nexport type A = typeof a;" },
  ],
  [
    'a workflow with domain code',
    { file: WORKFLOW, code: "import { isOpen } from '../src/domain/messageStatus';\nexport const open = isOpen;" },
  ],
];

let verdicts: string[][];

beforeAll(() => {
  const input = JSON.stringify([...bad, ...good].map(([, sample]) => sample));
  const root = join(__dirname, '../..');
  const judged = spawnSync(process.execPath, ['--input-type=module', '-e', JUDGE], { cwd: root, input });
  if (judged.status !== 0) throw new Error(judged.stderr.toString());
  verdicts = JSON.parse(judged.stdout.toString()) as string[][];
});

describe('the lint rules', () => {
  it.each(bad.map(([name, , rule], index) => [name, rule, index] as const))('refuse %s', (_name, rule, index) => {
    expect(verdicts[index]).toContainEqual(expect.stringMatching(`${rule}$`));
  });

  it.each(good.map(([name], index) => [name, index] as const))('allow %s', (_name, index) => {
    expect(verdicts[bad.length + index]).toEqual([]);
  });
});
