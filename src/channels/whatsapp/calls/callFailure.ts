import { DomainError, type Retry } from '../../../domain/errors';
import type { GatewayEndpoint } from '../../gateway';
import type { CallResult } from '../client';
import type { LadderOutcome } from '../errorLadder';
import { cleanGatewayText } from '../gatewayText';
import { ladderRow } from '../ladderLookup';
import { replyError } from '../reply';

/**
 * Returns the error of a call that did not do what an operator asked for (a QR code, a webhook address): the code and
 * the operators' words of the error ladder, `gateway_error` for an unknown refusal, `gateway_unreachable` where there
 * was no usable answer. These calls may be repeated, so no end of theirs is ambiguous.
 */
export function callFailure(result: CallResult, endpoint: GatewayEndpoint): DomainError {
  const error = result.kind === 'answer' && result.reply.kind === 'json' ? replyError(result.reply.fields) : undefined;
  if (error === undefined) {
    const message = 'The gateway gave no usable answer: check its address, then try again.';
    return new DomainError('gateway_unreachable', 'later', message, { status: 502 });
  }
  const row = ladderRow(error);
  if (row !== null) {
    return new DomainError(row.code, retryOf(row.outcome), row.ops, { status: 422 });
  }
  const said = cleanGatewayText(error.text, [endpoint.token, endpoint.instanceId]);
  return new DomainError('gateway_error', 'never', `The gateway refused the call: "${said}".`, { status: 422 });
}

/** Credentials do not mend themselves; every other reason to hold passes, by time or by a person's act. */
function retryOf(outcome: LadderOutcome): Retry {
  if (outcome.kind === 'rejected') return outcome.retry;
  return outcome.state === 'reauth' ? 'never' : 'later';
}
