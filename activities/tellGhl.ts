import { activityInfo } from '@temporalio/activity';
import { asDomainError, DomainError } from '../src/domain/errors';
import { ghlStatusWord } from '../src/domain/messageStatus';
import { namingPart } from '../src/domain/partWords';
import { reasonWords } from '../src/domain/reasons';
import { present } from '../src/domain/present';
import type { MessageArgs, Standing } from '../src/domain/workflowTypes';
import type { Lifecycle } from '../src/store/messages/tell';
import { accessTokenOf, renewRefusedToken } from './accessToken';
import { scopeOf, type ActivityDeps } from './deps';
import { standingOf } from './standing';

/**
 * For 5 to 10 seconds and more after a Delivery post GHL does not know its own message ("No conversation provider
 * found"; GHL's public issue tracker). The retry policy doubles from a second: eight tries span about two minutes.
 */
const TOO_EARLY_TRIES = 8;

/** Tells GHL a message's status until it knows what the ledger knows. One caller per message: its workflow. */
export async function tellGhl(deps: ActivityDeps, args: MessageArgs): Promise<Standing> {
  const { store } = deps.app;
  for (;;) {
    const life = await store.messages.lifecycle(scopeOf(args), args.messageId, { telling: true });
    if (life.tell === null) return standingOf(life);
    await new Promise((resolve) => setTimeout(resolve, life.tellInMs));
    const told = await tellOnce(deps, args, life);
    // That a new attempt is pending is not worth its end: where GHL does not take it, the end is told all the same.
    if (!told && life.tell !== 'pending') {
      await store.messages.giveUpTelling(scopeOf(args), args.messageId, life.attempt);
      return { ...standingOf(life), untold: false };
    }
    await store.messages.markTold(scopeOf(args), args.messageId, life.tell, life.attempt);
  }
}

/** Returns false when GHL will not take this status, however often it is told. Throws what is worth a retry. */
async function tellOnce(deps: ActivityDeps, args: MessageArgs, life: Lifecycle): Promise<boolean> {
  try {
    await putStatus(deps, args, life);
    return true;
  } catch (thrown) {
    const error = asDomainError(thrown);
    const tooLate = error.code === 'ghl_status_too_early' && activityInfo().attempt >= TOO_EARLY_TRIES;
    if (error.retry !== 'never' && !tooLate) throw error;
    deps.app.metrics.statusUpdatesGivenUp.inc({});
    deps.app.logger.warn(
      { err: error, locationId: args.locationId, messageId: args.messageId },
      'GHL does not take a status',
    );
    return false;
  }
}

async function putStatus(deps: ActivityDeps, args: MessageArgs, life: Lifecycle): Promise<void> {
  const { access, version } = await accessTokenOf(deps, args.locationId, 'high');
  const status = ghlStatusWord(present(life.tell, 'what is to be told'));
  const error = status === 'failed' ? { error: failureOf(life) } : {};
  try {
    await deps.app.ghl.updateMessageStatus(access, present(life.ghlMessageId, "GHL's id of the message"), {
      status,
      ...error,
    });
    deps.proofs.add(args.locationId, version);
  } catch (thrown) {
    if (thrown instanceof DomainError && thrown.code === 'ghl_unauthorized') {
      await renewRefusedToken(deps, args.locationId, version);
    }
    throw thrown;
  }
}

/** What the agent reads under the message: a sentence with a next step. */
function failureOf(life: Lifecycle): { code: string; type: string; message: string } {
  const code = life.reason ?? life.state;
  return { code, type: 'whatsapp', message: namingPart(life.part, reasonWords(code, life.reasonText)) };
}
