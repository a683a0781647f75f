import type { App } from '../app';
import { tellBackoffMs } from '../domain/alerts';
import { asDomainError, DomainError } from '../domain/errors';
import type { OptOutEnd, OptOutTask } from '../store/optOutTasks';
import { confirmOptOut } from './confirmOptOut';
import type { GhlTokens } from './tellPeople';

type OptOutApp = Pick<App, 'store' | 'ghl' | 'starter' | 'gateway' | 'metrics' | 'logger'>;

/** The word itself has to stand in GHL first: its post finds or makes the contact. */
const CONTACT_MS = 2_000;

/**
 * Does what is left to do for an opt-out: the contact is told of it once, and GHL's "do not disturb" follows it. What
 * fails for the moment stays due, however long GHL is away; the ledger refuses sends meanwhile.
 */
export async function tellOptOut(app: OptOutApp, tokens: GhlTokens, task: OptOutTask): Promise<void> {
  const end = await doWhatIsDue(app, tokens, task);
  await app.store.optOuts.finish(task, end);
}

async function doWhatIsDue(app: OptOutApp, tokens: GhlTokens, task: OptOutTask): Promise<OptOutEnd> {
  const { contactId, isArriving, tries } = task;
  const nothing = { confirmed: false, told: false };
  if (contactId === null) {
    // A message that GHL has refused for good has no contact there; the opt-out itself stands.
    return isArriving ? { ...nothing, laterMs: Math.max(CONTACT_MS, tellBackoffMs(tries)) } : nothing;
  }
  let confirmed = false;
  try {
    if (task.confirm !== null) await confirmOptOut(app, task, contactId);
    confirmed = true;
    if (task.dnd) await tellGhl(app, tokens, task, contactId);
    app.metrics.optOuts.inc({ state: task.state, outcome: 'told' });
    return { confirmed, told: true };
  } catch (thrown) {
    return { confirmed, told: false, ...laterOrNever(app, task, asDomainError(thrown)) };
  }
}

async function tellGhl(app: OptOutApp, tokens: GhlTokens, task: OptOutTask, contactId: string): Promise<void> {
  const { access, version } = await tokens.accessOf(task.locationId);
  const active = task.state === 'out';
  const message = active ? 'The contact opted out on WhatsApp.' : 'The contact opted in again on WhatsApp.';
  try {
    await app.ghl.setDnd(access, contactId, { active, message, code: active ? 'STOP' : 'START' });
  } catch (thrown) {
    if (thrown instanceof DomainError && thrown.code === 'ghl_unauthorized')
      await tokens.renewRefused(task.locationId, version);
    throw thrown;
  }
}

/** A location without a token may get one again; only what GHL refuses for good is given up. */
function laterOrNever(app: OptOutApp, task: OptOutTask, error: DomainError): Pick<OptOutEnd, 'laterMs'> {
  const { state, locationId, tries } = task;
  const waitMs = Math.max(error.retryAfterMs ?? 0, tellBackoffMs(tries));
  if (error.retry !== 'never' || error.code === 'no_token') return { laterMs: waitMs };
  app.metrics.optOuts.inc({ state, outcome: 'given_up' });
  app.logger.error({ err: error, locationId, state }, 'GHL does not take an opt-out; our own stands');
  return {};
}
