import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { createInboundMessageActivities } from '../activities/inboundMessage';
import { TASK_QUEUES, type MessageArgs } from '../src/domain/workflowTypes';
import { hangDoorbell } from './doorbell';
import { showStanding, showWait } from './show';

/** A retry asks the ledger first; a post that may have arrived is looked up in GHL before it is repeated. */
const { postInbound } = proxyActivities<ReturnType<typeof createInboundMessageActivities>>({
  taskQueue: TASK_QUEUES.main,
  startToCloseTimeout: '90 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  summary: 'posting: find the contact and add the message to its conversation',
});

const MAX_WAITS = 200;

/** The life of one inbound message: its turn behind its sender's earlier ones, its contact, the conversation. */
export async function inboundMessage(args: MessageArgs): Promise<{ state: string }> {
  const bell = hangDoorbell();
  for (let waits = 0; waits < MAX_WAITS; waits++) {
    const heard = bell.rung();
    const step = await postInbound(args);
    if (step.kind === 'out') {
      showStanding(step);
      return { state: step.state };
    }
    showWait(step);
    await bell.waitBeyond(heard, step.ms);
  }
  return await continueAsNew<typeof inboundMessage>(args);
}
