import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineUpdate,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { createConnectionActivities, createNumberActivities } from '../activities/connection';
import {
  TASK_QUEUES,
  type ConnectionArgs,
  type ConnectionUpdates,
  type ConnectionView,
} from '../src/domain/workflowTypes';
import { hangDoorbell } from './doorbell';
import { shownTime } from './show';

const { readConnection } = proxyActivities<ReturnType<typeof createConnectionActivities>>({
  taskQueue: TASK_QUEUES.main,
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** A person waits: longer than the longest gateway call, tried twice at most, and then they are told. */
const { fetchQr, reconnectNumber } = proxyActivities<ReturnType<typeof createNumberActivities>>({
  taskQueue: TASK_QUEUES.gateway,
  startToCloseTimeout: '50 seconds',
  scheduleToCloseTimeout: '55 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 2 },
});

/** Has the number's QR code fetched into the store. */
export const qr = defineUpdate<ConnectionUpdates['qr']>('qr');
/** Has the gateway asked at once how the number is; what waits flows when it is connected. */
export const reconnect = defineUpdate<ConnectionUpdates['reconnect']>('reconnect');

/** A run that was told or asked this often begins a new one: histories stay small over years. */
const MAX_TURNS = 200;

/**
 * One long-lived workflow per number: it shows the number's state to operators, and does what a page asks of it.
 * Signalled on change only; probing happens outside, so a quiet number costs nothing.
 */
export async function connection(args: ConnectionArgs): Promise<void> {
  const bell = hangDoorbell();
  const asked = hangUpdates(args);
  const isFull = (): boolean => workflowInfo().continueAsNewSuggested || bell.rung() + asked.times >= MAX_TURNS;
  let view: ConnectionView | null;
  do {
    const heard = bell.rung();
    view = await readConnection(args);
    if (view === null) break;
    setCurrentDetails(details(view));
    await condition(() => bell.rung() > heard || isFull());
  } while (!isFull());
  // Whoever has asked this run gets an answer: no update outlives it.
  await condition(allHandlersFinished);
  if (view !== null) await continueAsNew<typeof connection>(args);
}

/** Takes updates from here on, and counts them. */
function hangUpdates(args: ConnectionArgs): { times: number } {
  const asked = { times: 0 };
  const counted =
    <T>(work: () => Promise<T>) =>
    (): Promise<T> => {
      asked.times += 1;
      return work();
    };
  const look = shared(() => fetchQr(args));
  const probe = shared(async () => {
    const answer = await reconnectNumber(args);
    if (answer !== null) setCurrentDetails(details(answer));
    return answer;
  });
  setHandler(qr, counted(look), { validator: refuseArguments, description: 'fetch the QR code into the store' });
  setHandler(reconnect, counted(probe), { validator: refuseArguments, description: 'ask the gateway at once' });
  return asked;
}

/** Two people who ask at once get one answer: the gateway is asked once. */
function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () =>
    (running ??= work().finally(() => {
      running = undefined;
    }));
}

/** Run before an update is written down: an argument, whatever is in it, does not get into the history. */
function refuseArguments(...given: unknown[]): void {
  if (given.length > 0) throw ApplicationFailure.nonRetryable('This update takes no argument.', 'arguments_refused');
}

function details({ state, since, why, next, waiting }: ConnectionView): string {
  const lines = [`**${state}** since ${shownTime(since)}; ${waiting} waiting at that moment.`];
  if (why !== null) lines.push(`Why: ${why}.`);
  if (next !== null) lines.push(`Next: ${next}.`);
  return lines.join('\n\n');
}
