import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import { findTemporalCli } from '../../src/sandbox/temporalCli';

/** Resets a run to its first workflow task with Temporal's own command, as an operator does. */
export async function resetToStart(
  handle: WorkflowHandle,
  server: { address: string; namespace: string },
): Promise<void> {
  const { runId } = await handle.describe();
  const where = ['--address', server.address, '--namespace', server.namespace];
  const what = ['--workflow-id', handle.workflowId, '--run-id', runId, '--type', 'FirstWorkflowTask'];
  await promisify(execFile)(await findTemporalCli(), [
    'workflow',
    'reset',
    ...what,
    '--reason',
    'by an operator',
    ...where,
  ]);
}
