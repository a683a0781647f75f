import { continueAsNew, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { createInstallationActivities } from '../activities/installation';
import { TASK_QUEUES, type InstallationArgs, type InstallationStep } from '../src/domain/workflowTypes';
import { hangDoorbell } from './doorbell';
import { inMs } from './show';

const { advanceInstallation } = proxyActivities<ReturnType<typeof createInstallationActivities>>({
  taskQueue: TASK_QUEUES.main,
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '24 hours',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  summary: 'the next step: the store says which',
});

/** A run that has taken this many steps begins a new one: an agency of thousands of locations takes many. */
const MAX_STEPS = 200;

/**
 * The installation of a location or a company, step by step until nothing is due: tokens from the company, pages of its
 * locations, name and country, a suspended one once a day, what is cancelled after an uninstallation.
 */
export async function installation(args: InstallationArgs): Promise<{ state: string }> {
  const bell = hangDoorbell();
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const heard = bell.rung();
    const step = await advanceInstallation(args);
    setCurrentDetails(details(step));
    if (step.ms === null && bell.rung() === heard) return { state: step.state };
    if (step.ms !== null && step.ms > 0) await bell.waitBeyond(heard, step.ms);
  }
  return await continueAsNew<typeof installation>(args);
}

function details({ state, ms, reason }: InstallationStep): string {
  const next = ms === null ? 'Nothing more is to be done until GHL tells us something.' : `Next step at ${inMs(ms)}.`;
  return `**${state}** at ${inMs(0)}. ${next}${reason === null ? '' : `\n\nWhy: ${reason}.`}`;
}
