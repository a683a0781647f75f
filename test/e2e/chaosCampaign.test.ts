import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChaos, type ChaosReport } from '../../src/bench/chaos/run';
import { createClosers } from '../../src/quickstart/stage/closers';
import { createDatabase, describeMysql } from '../support/mysqlServer';

/** Two cores may be shared by several such worlds; alone it takes about 45 s. */
const END_MS = 240_000;
jest.setTimeout(END_MS + 60_000);

describeMysql('worker, ingress and Temporal are killed (SIGKILL) during a campaign on three numbers (MySQL)', () => {
  const closers = createClosers();
  let report: ChaosReport;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bridge-chaos-'));
    const database = await createDatabase();
    closers.add(() => rm(folder, { recursive: true, force: true }));
    closers.add(() => database.drop());
    const say = (): void => undefined;
    report = await runChaos(
      { folder, databaseUrl: database.url, closers, say },
      { messages: 90, numbers: 3, contacts: 5, rounds: 1, gapMs: 100, pauseMs: 500, endMs: END_MS },
    );
  });
  afterAll(() => closers.closeAll());

  test('nothing is lost, doubled or out of order; every message ends', () => {
    expect(report.verdict).toEqual({ lost: [], doubled: [], inverted: [], unended: [], needlesslyUnknown: [] });
    expect(report.acknowledged).toBe(90);
    expect(report.kills).toBe(3);
    expect(report.sent).toBeGreaterThanOrEqual(90 - 3);
  });
});
