import {
  CancellationScope,
  CancelledFailure,
  continueAsNew,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { createOutboundMessageActivities } from '../activities/outboundMessage';
import { parseWorkflowId } from '../src/domain/ids';
import { TASK_QUEUES, type MessageArgs, type Standing } from '../src/domain/workflowTypes';
import { hangDoorbell, type Doorbell } from './doorbell';
import { showStanding, showWait } from './show';

type Activities = ReturnType<typeof createOutboundMessageActivities>;

/**
 * A retry of the send activity is never blind: its first act is to ask the ledger, and the ledger gives a part out
 * once. So Temporal may retry it for as long as a store or worker is away.
 */
const { sendMessage } = proxyActivities<Pick<Activities, 'sendMessage'>>({
  taskQueue: TASK_QUEUES.gateway,
  startToCloseTimeout: '90 seconds',
  scheduleToCloseTimeout: '24 hours',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  summary: 'sending: claim the next part and hand it to the gateway',
});

const { tellStatus, cancelMessage } = proxyActivities<Pick<Activities, 'tellStatus' | 'cancelMessage'>>({
  taskQueue: TASK_QUEUES.main,
  startToCloseTimeout: '45 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** A run that has waited this often begins a new one: histories stay small however long a number is lost. */
const MAX_WAITS = 200;

/**
 * The life of one outbound message: through its number's lane, then what GHL is told of it. The ledger decides whether
 * something is sent; this decides when it is tried. Everything runs shielded from cancellation: a cancellation is a
 * question to the ledger, and what is claimed goes on.
 */
export async function outboundMessage(args: MessageArgs): Promise<{ state: string }> {
  const bell = hangDoorbell();
  const cancellation = watchCancellation(args, bell);
  const standing = await CancellationScope.nonCancellable(async () => {
    const begun = isResend() ? beginAtPending(args) : Promise.resolve();
    const left = await throughTheLane(args, bell);
    await begun;
    return await untilNothingIsExpected(args, bell, left);
  });
  if (cancellation.requested && standing.state === 'cancelled')
    throw new CancelledFailure('Cancelled before it was sent');
  return { state: standing.state };
}

/** A person's resend is a run of its own: attempt n >= 2 of its message. */
function isResend(): boolean {
  const id = parseWorkflowId(workflowInfo().workflowId);
  return id?.type === 'outboundMessage' && id.attempt > 1;
}

/**
 * GHL shows the end of the attempt before, until it is told that the message is pending again. Nothing waits for that: a
 * GHL that does not answer holds no message.
 */
async function beginAtPending(args: MessageArgs): Promise<void> {
  await tellStatus(args).catch(() => undefined);
}

function watchCancellation(args: MessageArgs, bell: Doorbell): { requested: boolean } {
  const seen = { requested: false };
  CancellationScope.current().cancelRequested.catch(async () => {
    seen.requested = true;
    await CancellationScope.nonCancellable(() => cancelMessage(args));
    bell.ring();
  });
  return seen;
}

/** Where the message stands once it is out of its lane, and how often the bell had rung when that was read. */
interface Left {
  standing: Standing;
  heard: number;
}

async function throughTheLane(args: MessageArgs, bell: Doorbell): Promise<Left> {
  for (let waits = 0; waits < MAX_WAITS; waits++) {
    const heard = bell.rung();
    const step = await sendMessage(args);
    if (step.kind === 'out') {
      showStanding(step);
      return { standing: step, heard };
    }
    showWait(step);
    await bell.waitBeyond(heard, step.ms);
  }
  return await continueAsNew<typeof outboundMessage>(args);
}

/** A wake that came while the ledger was being read may tell of more than was read: it is neither slept nor ended through. */
async function untilNothingIsExpected(args: MessageArgs, bell: Doorbell, left: Left): Promise<Standing> {
  let { standing, heard } = left;
  for (;;) {
    if (standing.untold || bell.rung() > heard) {
      heard = bell.rung();
      standing = await tellStatus(args);
      showStanding(standing);
    } else if (standing.receiptsForMs === null) {
      return standing;
    } else {
      await bell.waitBeyond(heard, standing.receiptsForMs);
      standing = { ...standing, untold: true };
    }
  }
}
