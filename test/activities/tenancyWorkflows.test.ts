import fs, { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { ActivityDeps } from '../../activities/deps';
import { DomainError } from '../../src/domain/errors';
import { createMetrics } from '../../src/observability/metrics';
import { createLogger } from '../../src/observability/logger';
import { createWorkers } from '../../src/roles/workers';
import type { Scope } from '../../src/store/context';
import { allBut, openStranger, openVictim, type Victim } from '../store/tenancyVictim';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

/** No server is asked: workers are made of what they are told alone. */
const NOT_USED = undefined as never;

type Activity = (args: object) => Promise<unknown>;

let ledger: TestStore;
let victim: Victim;
let activities: Record<string, Activity>;
/** Every call that would have left the process, with its arguments: to GHL, the gateway, Temporal. */
let left: string[];

beforeAll(async () => {
  ledger = await openTestStore({ kind: 'sqlite' });
  victim = await openVictim(ledger);
  activities = await activitiesOfWorkers();
});
afterAll(() => ledger.close());
afterEach(() => jest.restoreAllMocks());

/** What the workers run, as they are told it: nothing that they can run is left out. */
async function activitiesOfWorkers(): Promise<Record<string, Activity>> {
  // The bundle of the workflows is not needed, and need not be built.
  jest.spyOn(fs, 'existsSync').mockReturnValue(true);
  const create = jest.spyOn(Worker, 'create').mockResolvedValue(NOT_USED);
  await createWorkers(NOT_USED, 'default', depsOf(ledger));
  const found = create.mock.calls.map(([{ activities: ran = {} }]) => ran as Record<string, Activity>);
  return Object.assign({}, ...found) as Record<string, Activity>;
}

function depsOf({ store }: TestStore): ActivityDeps {
  const outside = (name: string) =>
    new Proxy(
      {},
      {
        get:
          (_, verb) =>
          (...args: unknown[]) =>
            Promise.reject(remember(name, String(verb), args)),
      },
    );
  const quiet = (verb: string) => (subject: unknown) => void left.push(`starter.${verb} ${JSON.stringify(subject)}`);
  const starter = new Proxy({}, { get: (_, verb) => quiet(String(verb)) });
  const settings = { ghlProviders: [] };
  const app = {
    ...{ settings, store, ghl: outside('ghl'), media: outside('media'), gateway: () => outside('gateway') },
    ...{ starter, metrics: createMetrics(), logger: createLogger({ level: 'silent' }) },
  };
  const standingOfRun = () => Promise.resolve('open' as const);
  return { app, draining: new AbortController().signal, standingOfRun } as unknown as ActivityDeps;
}

function remember(name: string, verb: string, args: unknown[]): Error {
  left.push(`${name}.${verb} ${JSON.stringify(args)}`);
  return new DomainError('outside', 'later', 'Nothing may leave.');
}

/** Arguments as a run of another tenant would carry them: its own location, the victim's everything else. */
function forgedArgs(location: Scope): object {
  const { line, waiting } = victim;
  const ids = { messageId: waiting.messageId, connectionId: line.connectionId, companyId: victim.companyId };
  return { v: 1, ...location, resourceId: location.locationId, kind: 'location', tokenVersion: 99, ...ids };
}

/** Acts for no one tenant, with the reason. */
const OF_NOBODY: Record<string, string> = {
  reconcileAll: 'sweep: installations with their own ids',
};

test('there is something to walk, and nothing is excused that is not there', () => {
  expect(Object.keys(activities)).toEqual(expect.arrayContaining(['sendMessage', 'postInbound', 'spendRefreshToken']));
  expect(Object.keys(OF_NOBODY).filter((name) => activities[name] === undefined)).toEqual([]);
});

describe.each(['unknown to us', 'of another company'])("with another tenant's ids, for a location %s", (which) => {
  let location: Scope;
  beforeEach(async () => {
    location = which === 'unknown to us' ? { locationId: 'location-of-nobody' } : await openStranger(ledger);
    const info = { attempt: 1, workflowExecution: { workflowId: 'w', runId: 'r' } };
    jest.spyOn(Context, 'current').mockReturnValue({ info, heartbeat: () => undefined } as unknown as Context);
    left = [];
  });

  test('no activity finds or changes anything', async () => {
    for (const [name, run] of Object.entries(activities).filter(([one]) => OF_NOBODY[one] === undefined)) {
      const before = await allBut(ledger, location);
      const got = await run(forgedArgs(location)).catch((error: unknown) => error);
      // An error of the activity's own making, not a mistake in this test's arguments.
      expect([name, got instanceof Error && !(got instanceof DomainError) ? got : null]).toEqual([name, null]);
      const known = JSON.stringify([got, left]);
      const { line, waiting, companyId } = victim;
      const secrets = [line.scope.locationId, line.connectionId, waiting.messageId, companyId];
      expect([name, secrets.filter((one) => known.includes(one))]).toEqual([name, []]);
      expect([name, await allBut(ledger, location)]).toEqual([name, before]);
    }
  });

  test.each(['sendMessage', 'tellStatus', 'cancelMessage', 'postInbound'])('%s finds no message', async (name) => {
    await expect(activities[name]!(forgedArgs(location))).rejects.toMatchObject({ code: 'not_found' });
    expect(left).toEqual([]);
  });

  test('fetchInboundFile fetches no file', async () => {
    const { messageId } = victim.withFile;
    expect(await activities['fetchInboundFile']!({ ...forgedArgs(location), messageId })).toBeUndefined();
    expect(left).toEqual([]);
  });

  test('readConnection finds no connection', async () => {
    expect(await activities['readConnection']!(forgedArgs(location))).toBeNull();
  });
});

test('no run can be told anything by a signal, update or query: the one signal and both updates carry nothing', () => {
  const folder = join(__dirname, '../../workflows');
  const text = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const defined = text.flatMap((one) => [...one.matchAll(/define(?:Signal|Update|Query)\b[^;]*/g)].map(([all]) => all));
  expect(defined.filter((one) => one.includes('(')).sort()).toEqual([
    'defineSignal(WAKE_SIGNAL)',
    "defineUpdate<ConnectionUpdates['qr']>('qr')",
    "defineUpdate<ConnectionUpdates['reconnect']>('reconnect')",
  ]);
  const updates = text.flatMap((one) => [...one.matchAll(/setHandler\((qr|reconnect), [^\n]*/g)].map(([all]) => all));
  expect(updates).toHaveLength(2);
  for (const update of updates) expect(update).toContain('validator: refuseArguments');
  const handled = text.flatMap((one) => [...one.matchAll(/setHandler\((\w+), (\([^)]*\))/g)].map(([, ...all]) => all));
  expect(handled).toEqual([['wake', '()']]);
  expect(text.join('\n')).not.toMatch(/setDefault(?:Signal|Update|Query)Handler/);
});
