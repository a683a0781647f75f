import type { Until } from './waiting';
import type { World } from './world';

/** What a step has shown. */
export interface StepDone {
  /** What happened, for the person who watches: whole short sentences. */
  lines: string[];
  /** The workflow that did it; its address in the Web UI is printed. */
  workflowId?: string;
}

/** One step of the conversation. Everything in it really happens; one that is not built yet is not in the registry. */
export interface Step<W = World> {
  /** One word, for the one-line summary of a run that failed. */
  name: string;
  title: string;
  /** Returns what it showed once everything that it promises has happened; throws when something can not happen. */
  run(context: W & { until: Until }): Promise<StepDone>;
}
