import type { Step, StepDone } from './step';
import type { Printer } from './printer';
import { withinDeadline, type Until } from './waiting';
import type { WorkflowLinks } from './workflowLinks';

export interface RunOptions {
  printer: Pick<Printer, 'stepBegins' | 'stepDone' | 'stepFailed'>;
  /** How long one step may take. */
  deadlineMs: number;
  /** Calls everything off. */
  interrupted: AbortSignal;
}

/**
 * Runs the steps one after the other, each within its deadline, and prints them. A step whose workflow is not in
 * Temporal has not happened. Stops at the first that did not happen, since the next ones build on it; returns whether
 * all of them did. Rejects with the reason of `interrupted` when that is aborted.
 */
export async function runSteps<W extends WorkflowLinks>(
  steps: readonly Step<W>[],
  world: W,
  { printer, deadlineMs, interrupted }: RunOptions,
): Promise<boolean> {
  for (const [index, step] of steps.entries()) {
    const began = Date.now();
    printer.stepBegins(index + 1, step.title);
    try {
      const { lines, workflowId } = await withinDeadline(deadlineMs, interrupted, (until) =>
        perform(step, world, until),
      );
      const url = workflowId === undefined ? null : world.workflowUrl(workflowId);
      printer.stepDone(Date.now() - began, lines, url);
    } catch (error) {
      interrupted.throwIfAborted();
      const why = error instanceof Error ? error.message : 'it failed';
      printer.stepFailed(
        why,
        steps.slice(index + 1).map(({ name }) => name),
      );
      return false;
    }
  }
  return true;
}

async function perform<W extends WorkflowLinks>(step: Step<W>, world: W, until: Until): Promise<StepDone> {
  const done = await step.run({ ...world, until });
  const { workflowId } = done;
  if (workflowId !== undefined) await until(`workflow ${workflowId} in Temporal`, () => world.hasWorkflow(workflowId));
  return done;
}
