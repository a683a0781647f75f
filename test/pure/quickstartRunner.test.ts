import { runSteps, type RunOptions } from '../../src/quickstart/runSteps';
import type { WorkflowLinks } from '../../src/quickstart/workflowLinks';
import type { Step } from '../../src/quickstart/step';

type FakeStep = Step<WorkflowLinks>;

const world: WorkflowLinks = {
  hasWorkflow: (workflowId) => Promise.resolve(workflowId !== 'never-started'),
  workflowUrl: (workflowId) => `http://ui/${workflowId}`,
};

function step(name: string, run: FakeStep['run']): FakeStep {
  return { name, title: `Title of ${name}`, run };
}

const good = step('good', async () => ({ lines: ['It happened.'], workflowId: 'wf-1' }));
const after = step('after', async () => ({ lines: [] }));

/** Runs the steps and returns whether all happened, with what was printed. */
async function run(steps: readonly FakeStep[], options: Partial<RunOptions> = {}) {
  const told: unknown[][] = [];
  const printer = {
    stepBegins: (...args: unknown[]) => void told.push(['begins', ...args]),
    stepDone: (_ms: number, ...args: unknown[]) => void told.push(['done', ...args]),
    stepFailed: (...args: unknown[]) => void told.push(['failed', ...args]),
  };
  const interrupted = new AbortController().signal;
  const happened = await runSteps(steps, world, { printer, deadlineMs: 10_000, interrupted, ...options });
  return { happened, told };
}

describe('the runner of the quickstart', () => {
  it('prints each step with its lines and the address of its workflow', async () => {
    const { happened, told } = await run([good, after]);
    expect(happened).toBe(true);
    expect(told).toEqual([
      ['begins', 1, 'Title of good'],
      ['done', ['It happened.'], 'http://ui/wf-1'],
      ['begins', 2, 'Title of after'],
      ['done', [], null],
    ]);
  });

  it('says which step did not happen and why, and tries none after it', async () => {
    const bad = step('bad', async () => {
      throw new Error('the phone got the text 2 times');
    });
    const { happened, told } = await run([good, bad, after]);
    expect(happened).toBe(false);
    expect(told.slice(2)).toEqual([
      ['begins', 2, 'Title of bad'],
      ['failed', 'the phone got the text 2 times', ['after']],
    ]);
  });

  it('gives each step a deadline and says what was awaited', async () => {
    const stuck = step('stuck', async ({ until }) => {
      await until('the answer in GHL', () => false);
      return { lines: [] };
    });
    const { happened, told } = await run([stuck], { deadlineMs: 20 });
    expect(happened).toBe(false);
    expect(told.at(-1)).toEqual(['failed', 'waited 0.02 s for the answer in GHL', []]);
  });

  it('does not wait for a step that hangs without a wait of its own', async () => {
    const hangs = step('hangs', () => new Promise(() => undefined));
    const { told } = await run([hangs], { deadlineMs: 20 });
    expect(told.at(-1)).toEqual(['failed', 'waited 0.02 s for an answer', []]);
  });

  it('does not take a step for done whose workflow is not in Temporal', async () => {
    const unlinked = step('unlinked', async () => ({ lines: [], workflowId: 'never-started' }));
    const { happened, told } = await run([unlinked], { deadlineMs: 20 });
    expect(happened).toBe(false);
    expect(told.at(-1)).toEqual(['failed', 'waited 0.02 s for workflow never-started in Temporal', []]);
  });

  it('ends at once when it is interrupted', async () => {
    const interruption = new AbortController();
    const interrupting = step('interrupting', async ({ until }) => {
      interruption.abort(new Error('Ctrl-C'));
      await until('anything', () => false);
      return { lines: [] };
    });
    await expect(run([interrupting, after], { interrupted: interruption.signal })).rejects.toThrow('Ctrl-C');
  });
});
