import type { GatewayEndpoint, ProbeResult } from '../../gateway';
import type { WaapifyClient } from '../client';
import { cleanGatewayText } from '../gatewayText';
import { jidToPhone } from '../jid';
import { at, text, type JsonRecord } from '../json';
import { ladderRow } from '../ladderLookup';
import { isSuccess, replyError } from '../reply';

/**
 * Asks whether the number is logged in, by the call that keeps its session alive and names the phone. Every answer
 * that says no holds the number; a lack of an answer is only a miss. Never throws.
 */
export async function probeConnection(client: WaapifyClient, endpoint: GatewayEndpoint): Promise<ProbeResult> {
  const result = await client.call(endpoint, 'reconnect', {});
  if (result.kind !== 'answer') return { kind: 'unreachable', cause: result.cause };
  const { status, reply } = result;
  if (reply.kind !== 'json') return { kind: 'unreachable', cause: reply.kind === 'png' ? 'unparsable' : reply.cause };
  const error = replyError(reply.fields);
  if (error !== undefined) return heldBy(status, error, endpoint);
  if (status >= 400) return { kind: 'unreachable', cause: `http_${status}` };
  return isSuccess(reply.fields) ? connectedAs(reply.fields) : { kind: 'unreachable', cause: 'unparsable' };
}

function connectedAs(fields: JsonRecord): ProbeResult {
  const number = jidToPhone(text(at(fields, 'data', 'id')) ?? '');
  return number === null
    ? { kind: 'connected' }
    : { kind: 'connected', number: { channel: 'whatsapp', value: number } };
}

/**
 * What a send would try again soon is, for the number as a whole, a disconnection; that the instance is in use already
 * is an odd way to say that it is connected.
 */
function heldBy(status: number, error: { text: string; relogin: boolean }, endpoint: GatewayEndpoint): ProbeResult {
  const row = ladderRow(error);
  if (row?.code === 'already_connected') return { kind: 'connected' };
  if (row !== null) {
    const state = row.outcome.kind === 'held' ? row.outcome.state : 'disconnected';
    return { kind: 'held', state, text: row.ops, code: row.code, words: row.ghl };
  }
  if (status >= 500) return { kind: 'unreachable', cause: `http_${status}` };
  const said = cleanGatewayText(error.text, [endpoint.token, endpoint.instanceId]);
  return { kind: 'held', state: 'disconnected', text: `The gateway says that the number is not connected: "${said}".` };
}
