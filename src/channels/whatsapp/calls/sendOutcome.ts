import type { SendOutcome } from '../../gateway';
import type { CallResult } from '../client';
import { cleanGatewayText } from '../gatewayText';
import type { JsonRecord } from '../json';
import { ladderRow } from '../ladderLookup';
import { replyError, replyId } from '../reply';

/** URI too long, header fields too large: said by the HTTP server in front, before anything of the gateway has run. */
const TOO_LONG_STATUSES = new Set([414, 431]);

const TOO_LONG: SendOutcome = {
  kind: 'rejected',
  retry: 'never',
  code: 'text_too_long',
  text: 'The text is too long for the gateway; send it in several shorter messages.',
};

/**
 * Returns what became of a send. The gateway has neither a message key of ours nor a lookup, so everything that is not
 * a plain yes with an id or a plain no is ambiguous. `secrets` are the private texts of this call.
 */
export function sendOutcome(result: CallResult, secrets: readonly string[]): SendOutcome {
  if (result.kind === 'not_sent') return result;
  if (result.kind === 'lost') return { kind: 'ambiguous', cause: result.cause };
  const { status, reply } = result;
  if (TOO_LONG_STATUSES.has(status)) return TOO_LONG;
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

/** A known text is the gateway's word whatever the status; an unknown one behind a 5xx may come from anywhere. */
function errorOutcome(
  status: number,
  error: { text: string; relogin: boolean },
  secrets: readonly string[],
): SendOutcome {
  const row = ladderRow(error);
  if (row !== null) return { ...row.outcome, code: row.code, text: row.ghl };
  if (status >= 500) return { kind: 'ambiguous', cause: `http_${status}` };
  return { kind: 'rejected', retry: 'never', code: 'gateway_error', text: unknownWords(error.text, secrets) };
}

function unknownWords(raw: string, secrets: readonly string[]): string {
  const said = cleanGatewayText(raw, secrets);
  const reason = said === '' ? 'without a reason' : `with these words: "${said}"`;
  return `The gateway refused the message ${reason}; ask your agency before you send it again.`;
}
