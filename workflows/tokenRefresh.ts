import { ApplicationFailure, continueAsNew, proxyActivities, setCurrentDetails, sleep } from '@temporalio/workflow';
import type { createTokenRefreshActivities } from '../activities/tokenRefresh';
import { SUSPENDED_RETRY_MS, type RenewAnswer } from '../src/domain/tokenRefresh';
import { TASK_QUEUES, type TokenRefreshArgs } from '../src/domain/workflowTypes';
import { hangDoorbell } from './doorbell';

/**
 * At least three tries within the 30 seconds in which GHL answers a repeated refresh with the same pair: each takes 6
 * seconds at most, and a worker that died is noticed after 8.
 */
const { spendRefreshToken, mintFromCompany, holdForToken } = proxyActivities<
  ReturnType<typeof createTokenRefreshActivities>
>({
  taskQueue: TASK_QUEUES.token,
  startToCloseTimeout: '8 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 1.5, maximumInterval: '5 minutes' },
});

/** The first refusal may be the echo of an answer that got lost: the token is tried once more, inside the window. */
const ONCE_MORE_AFTER = '2 seconds';

/** A run that waited for so many days begins a new one: its history stays small. */
const MAX_DAYS = 60;

/**
 * Renews one version of one token; its id makes every caller that saw this version meet here. Ends when the version is
 * no longer the stored one. A suspended location is held and tried daily, or when woken. A location whose access is
 * lost is held until it is reconnected, and the run fails, so that it is seen and may be started again.
 */
export async function tokenRefresh(args: TokenRefreshArgs): Promise<{ outcome: RenewAnswer }> {
  const bell = hangDoorbell();
  for (let days = 0; days < MAX_DAYS; days++) {
    const answer = await renew(args);
    // Whoever rings from here on has not been served by this answer, also while the run is about to fail.
    const heard = bell.rung();
    if (answer === 'renewed' || answer === 'superseded') return ended(answer);
    const state = answer === 'not_active' ? 'suspended' : 'reauth_required';
    if (!(await holdForToken(args, state))) return ended('superseded');
    if (state === 'reauth_required' && bell.rung() === heard) throw accessLost();
    setCurrentDetails('**suspended** in GHL. Next: tried again within a day, or when woken.');
    await bell.waitBeyond(heard, SUSPENDED_RETRY_MS);
  }
  return await continueAsNew<typeof tokenRefresh>(args);
}

/** By its own refresh token, then through its company. */
async function renew(args: TokenRefreshArgs): Promise<RenewAnswer> {
  const first = await spendRefreshToken(args);
  if (first !== 'refused') return first;
  await sleep(ONCE_MORE_AFTER);
  const second = await spendRefreshToken(args);
  return second === 'refused' ? await mintFromCompany(args) : second;
}

/** Details of an earlier suspension would outlive it. */
function ended(outcome: RenewAnswer): { outcome: RenewAnswer } {
  setCurrentDetails(`**${outcome}**`);
  return { outcome };
}

function accessLost(): ApplicationFailure {
  setCurrentDetails('**reauth_required**. Next: nothing by itself; install the app again.');
  const failure = ApplicationFailure.nonRetryable(
    'GHL gives no token any more: the app has to be reconnected.',
    'reauth_required',
  );
  // As in the failures of activities: a history shows what went wrong, not where the bridge is installed.
  failure.stack = '';
  return failure;
}
