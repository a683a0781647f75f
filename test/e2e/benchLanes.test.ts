import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLanes } from '../../src/bench/lanes/run';
import { createClosers } from '../../src/quickstart/stage/closers';
import { describeMysql } from '../support/mysqlServer';

jest.setTimeout(300_000);

/** So small that the figures mean nothing: this shows that everything is measured, and found right where it is. */
const TINY = {
  messages: 20,
  rate: 20,
  numbers: 2,
  lightEveryMs: 1_000,
  gapMs: 300,
  runs: 1,
  runSeconds: 2,
  memorySeconds: 1,
  busy: 2,
  busyGapMs: 500,
  hung: 1,
  busySeconds: 2,
  storeMessages: 20,
  only: ['campaign', 'busy', 'store'],
  strict: false,
} as const;

describeMysql('bench lanes, with tiny sizes (MySQL)', () => {
  const closers = createClosers();
  afterAll(() => closers.closeAll());

  test('measures everything and says how it stands to each goal', async () => {
    process.env['BENCH_MYSQL_URL'] = process.env['TEST_MYSQL_URL'];
    const folder = await mkdtemp(join(tmpdir(), 'bridge-bench-'));
    closers.add(() => rm(folder, { recursive: true, force: true }));
    const lines: string[] = [];
    const json = join(folder, 'result.json');
    await runLanes({ folder, closers, say: (line) => lines.push(line) }, { ...TINY, json });

    const { goals, measured } = JSON.parse(await readFile(json, 'utf8')) as {
      goals: { name: string; value: number | null; limit: number }[];
      measured: { campaign: { sent: number }; busy: { alone: number[]; besideHung: number[] } };
    };
    expect(goals.filter(({ value }) => value === null)).toEqual([]);
    for (const name of ['posts that were refused', 'inversions', 'sent twice', 'gaps that were not kept'])
      expect(goals).toContainEqual(expect.objectContaining({ name, value: 0 }));
    expect(measured.campaign.sent).toBeGreaterThan(0);
    expect(measured.busy.alone.length).toBeGreaterThan(0);
    expect(measured.busy.besideHung.length).toBeGreaterThan(0);
    expect(lines.filter((line) => /^(PASS|FAIL) /.test(line))).toHaveLength(goals.length);
  });
});
