import type { SendOutcome } from '../../gateway';
import type { CallResult } from '../client';
import { cleanGatewayText } from '../gatewayText';
import type { JsonRecord } from '../json';
import { ladderRow } from '../ladderLookup';
import { refusal, UNKNOWN_REFUSAL, unknownRefusal } from '../refusals';
import { replyError, replyId } from '../reply';

/** URI too long, header fields too large: said by the HTTP server in front, before anything of the gateway has run. */
const TOO_LONG_STATUSES = new Set([414, 431]);

/**
 * Returns what became of a send. The gateway has neither a message key of ours nor a lookup, so everything that is not
 * a plain yes with an id or a plain no is ambiguous. `secrets` are the private texts of this call.
 */
export function sendOutcome(result: CallResult, secrets: readonly string[]): SendOutcome {
  if (result.kind === 'not_sent') return result;
  if (result.kind === 'lost') return { kind: 'ambiguous', cause: result.cause };
  const { status, reply } = result;
  if (TOO_LONG_STATUSES.has(status)) return refusal('text_too_long');
  if (reply.kind === 'json') return jsonOutcome(status, reply.fields, secrets);
  if (status >= 400) return { kind: 'ambiguous', cause: `http_${status}` };
  return { kind: 'ambiguous', cause: reply.kind === 'png' ? 'unparsable' : reply.cause };
}

function jsonOutcome(status: number, fields: JsonRecord, secrets: readonly string[]): SendOutcome {
  const error = replyError(fields);
  if (error !== undefined) return errorOutcome(status, error, secrets);
  const gatewayId = replyId(fields);
  if (status >= 400) return { kind: 'ambiguous', cause: `http_${status}` };
  return gatewayId === undefined ? { kind: 'ambiguous', cause: 'no_id' } : { kind: 'accepted', gatewayId };
}

/**
 * A known text is the gateway's word. Behind a 5xx it is believed only where nothing will be sent again on its word: a
 * front may answer so after the worker behind it has sent.
 */
function errorOutcome(
  status: number,
  error: { text: string; relogin: boolean },
  secrets: readonly string[],
): SendOutcome {
  const row = ladderRow(error);
  const isFinal = row?.outcome.kind === 'rejected' && row.outcome.retry === 'never';
  if (status >= 500 && !isFinal) return { kind: 'ambiguous', cause: `http_${status}` };
  if (row !== null) return { ...row.outcome, code: row.code, text: row.ghl };
  const text = unknownRefusal(cleanGatewayText(error.text, secrets));
  return { kind: 'rejected', retry: 'never', code: UNKNOWN_REFUSAL.code, text };
}
