import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { createInboundFileActivities } from '../activities/inboundFile';
import type { createInboundMessageActivities } from '../activities/inboundMessage';
import { TASK_QUEUES, type MessageArgs } from '../src/domain/workflowTypes';
import { hangDoorbell, type Doorbell } from './doorbell';
import { showStanding, showWait } from './show';

/** A retry asks the ledger first; a post that may have arrived is looked up in GHL before it is repeated. */
const { postInbound } = proxyActivities<ReturnType<typeof createInboundMessageActivities>>({
  taskQueue: TASK_QUEUES.main,
  startToCloseTimeout: '90 seconds',
  scheduleToCloseTimeout: '24 hours',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  summary: 'posting: find the contact and add the message to its conversation',
});

/** What is fetched is kept once, whoever fetches it again. */
const { fetchInboundFile } = proxyActivities<ReturnType<typeof createInboundFileActivities>>({
  taskQueue: TASK_QUEUES.gateway,
  startToCloseTimeout: '10 minutes',
  scheduleToCloseTimeout: '24 hours',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  summary: 'fetching: the file that came with the message',
});

const MAX_WAITS = 200;

/**
 * The life of one inbound message: its turn behind its sender's earlier ones, its contact, the conversation. Its file is
 * fetched beside all that, so that it is there when the turn comes; how long is waited for it, the ledger decides.
 */
export async function inboundMessage(args: MessageArgs): Promise<{ state: string }> {
  const bell = hangDoorbell();
  const file = fileFetch(args, bell);
  for (let waits = 0; waits < MAX_WAITS; waits++) {
    const heard = bell.rung();
    const step = await postInbound(args);
    if (step.kind === 'out') {
      showStanding(step);
      return { state: step.state };
    }
    if (step.reason === 'file_coming') file.begin();
    showWait(step);
    await bell.waitBeyond(heard, step.ms);
  }
  await file.ended();
  return await continueAsNew<typeof inboundMessage>(args);
}

/** One fetch at a time; its end rings the bell, however it ended: the ledger knows what became of it. */
function fileFetch(args: MessageArgs, bell: Doorbell): { begin(): void; ended(): Promise<void> } {
  let inHand: Promise<void> | null = null;
  return {
    begin: () => {
      inHand ??= fetchInboundFile(args)
        .catch(() => undefined)
        .then(() => {
          inHand = null;
          bell.ring();
        });
    },
    ended: async () => {
      await inHand;
    },
  };
}
