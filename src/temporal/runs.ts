import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import type { TemporalClient } from './client';

/** What became of a message's latest run. */
export type RunState =
  /** Open, and somebody is at it: an activity or workflow task is under way. */
  | 'busy'
  /** Open and waiting. */
  | 'waiting'
  /** Terminated or cancelled from outside. */
  | 'stopped'
  /** Ended by itself, or gone with retention, or never started. */
  | 'gone';

/** Returns the state of the latest run of a workflow id. Throws when Temporal does not answer. */
export async function describeRun(temporal: TemporalClient, workflowId: string): Promise<RunState> {
  const description = await describe(temporal, workflowId);
  if (description === null) return 'gone';
  switch (description.status.name) {
    case 'RUNNING': {
      const { pendingActivities, pendingWorkflowTask } = description.raw;
      return (pendingActivities?.length ?? 0) > 0 || pendingWorkflowTask != null ? 'busy' : 'waiting';
    }
    case 'TERMINATED':
    case 'CANCELLED':
      return 'stopped';
    default:
      return 'gone';
  }
}

/** open: this very run goes on. stopped: the message's latest run was stopped outside. replaced: it has another run. */
export type RunStanding = 'open' | 'stopped' | 'replaced';

/** Returns how a run stands, as its own activity asks it: a reset also closes it as terminated, and goes on in another. */
export async function standingOfRun(temporal: TemporalClient, workflowId: string, runId: string): Promise<RunStanding> {
  const own = await describe(temporal, workflowId, runId);
  if (own?.status.name === 'RUNNING') return 'open';
  return (await describeRun(temporal, workflowId)) === 'stopped' ? 'stopped' : 'replaced';
}

async function describe(
  temporal: TemporalClient,
  workflowId: string,
  runId?: string,
): Promise<WorkflowExecutionDescription | null> {
  try {
    return await temporal.within(() => temporal.client.workflow.getHandle(workflowId, runId).describe(), 5_000);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
