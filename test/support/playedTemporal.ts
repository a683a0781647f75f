import { WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import type { TemporalClient } from '../../src/temporal/client';

/** Temporal as far as starts go: ids, what they do while a run is open, and when it is closed (Temporal docs, workflow id). */
export interface PlayedTemporal {
  /** A client of it, as each process has its own. */
  client(): TemporalClient;
  /** The runs of each workflow id, oldest first; a failed one is `false`. */
  runs: Map<string, (boolean | 'open')[]>;
  /** Resolves when no run is open any more. */
  settled(): Promise<void>;
}

/** Plays a Temporal whose runs do `work` with their arguments; one that throws has failed. */
export function playTemporal(work: (args: never) => Promise<unknown>): PlayedTemporal {
  const runs: PlayedTemporal['runs'] = new Map();
  const open: Promise<unknown>[] = [];

  const begin = (type: string, options: WorkflowStartOptions): void => {
    const {
      workflowId,
      workflowIdReusePolicy: reuse = 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: conflict,
    } = options;
    const known = runs.get(workflowId) ?? [];
    const latest = known.at(-1);
    if (latest === 'open' && conflict === 'USE_EXISTING') return;
    const mayRun = reuse === 'ALLOW_DUPLICATE' || (reuse === 'ALLOW_DUPLICATE_FAILED_ONLY' && latest === false);
    if (latest !== undefined && (latest === 'open' || !mayRun))
      throw new WorkflowExecutionAlreadyStartedError('Workflow execution already started', workflowId, type);
    const n = known.push('open') - 1;
    runs.set(workflowId, known);
    const [args] = options.args as never[];
    const end = (done: boolean) => void (known[n] = done);
    open.push(
      work(args!).then(
        () => end(true),
        () => end(false),
      ),
    );
  };

  const start = async (type: string, options: WorkflowStartOptions): Promise<void> => {
    // A call to a server takes its time: others come in between.
    await new Promise((resolve) => setImmediate(resolve));
    begin(type, options);
  };
  return {
    client: () => {
      const workflow = { start, signalWithStart: start };
      return { client: { workflow }, within: (call: () => unknown) => call() } as unknown as TemporalClient;
    },
    runs,
    settled: async () => {
      await Promise.all(open);
    },
  };
}
