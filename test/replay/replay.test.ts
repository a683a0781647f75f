import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';

const FOLDER = join(__dirname, 'histories');
const BUNDLE = { codePath: join(__dirname, '../../dist/workflowBundle.js') };
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

interface Recorded {
  workflowId: string;
  events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[];
}

function read(name: string): Recorded {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Recorded;
}

test('every workflow has a recorded history', () => {
  const text = names.map((name) => readFileSync(join(FOLDER, name), 'utf8')).join('');
  const types = [...text.matchAll(/"workflowType": \{\s*"name": "(\w+)"/g)].map((match) => match[1]);
  expect(new Set(types)).toEqual(
    new Set([
      'outboundMessage',
      'inboundMessage',
      'connection',
      'tokenRefresh',
      'installation',
      'reconcileInstallations',
    ]),
  );
});

test.each(names)('%s replays with the code as it is', async (name) => {
  const { workflowId, ...history } = read(name);
  const replay = Worker.runReplayHistory({ workflowBundle: BUNDLE }, historyFromJSON(history), workflowId);
  await expect(replay).resolves.toBeUndefined();
});

test('a history that the code would not make is refused', async () => {
  const { workflowId, ...history } = read('outbound-read.json');
  const scheduled = history.events.find((event) => event.activityTaskScheduledEventAttributes !== undefined)!;
  scheduled.activityTaskScheduledEventAttributes!.activityType.name = 'sendTwice';
  const replay = Worker.runReplayHistory({ workflowBundle: BUNDLE }, historyFromJSON(history), workflowId);
  await expect(replay).rejects.toBeInstanceOf(DeterminismViolationError);
});
