import type { GatewayEndpoint } from '../gateway';
import { callUrl, type WaapifyMethod } from './paths';
import { postOnce, type PostOutcome } from './postOnce';
import { parseReply, type Reply } from './reply';

export interface WaapifyClientOptions {
  /** An ordinary one: hosts behind a web firewall answer odd user agents with an HTML page. */
  userAgent: string;
  /** Timeout of a call that names none, in milliseconds; above the gateway's own 20 s, which it answers with `null`. */
  timeoutMs: number;
}

export interface CallOptions {
  timeoutMs?: number;
  mayWrite?: () => boolean;
}

export type CallResult = Exclude<PostOutcome, { kind: 'answer' }> | { kind: 'answer'; status: number; reply: Reply };

/** One call to the gateway; never throws, and every end says whether the request can have left this machine. */
export interface WaapifyClient {
  call(
    endpoint: GatewayEndpoint,
    method: WaapifyMethod,
    params: Record<string, string>,
    options?: CallOptions,
  ): Promise<CallResult>;
}

/** Returns a client for the gateway's HTTP API in both of its path dialects. Keeps no connection open. */
export function createWaapifyClient({ userAgent, timeoutMs }: WaapifyClientOptions): WaapifyClient {
  return {
    async call(endpoint, method, params, options = {}) {
      const url = safeUrl(endpoint, method, params);
      if (url === null) return { kind: 'not_sent', cause: 'refused' };
      const outcome = await postOnce(url, {
        userAgent,
        timeoutMs: options.timeoutMs ?? timeoutMs,
        mayWrite: options.mayWrite ?? (() => true),
      });
      if (outcome.kind !== 'answer') return outcome;
      return { kind: 'answer', status: outcome.status, reply: replyOf(outcome.status, outcome.body) };
    },
  };
}

/** A base URL that is none can be mended by the operator, so it holds the number like a gateway that is down. */
function safeUrl(endpoint: GatewayEndpoint, method: WaapifyMethod, params: Record<string, string>): URL | null {
  try {
    return callUrl(endpoint, method, params);
  } catch {
    return null;
  }
}

/** A redirect is not the gateway's answer, whatever stands in its body: following it would send token and text on. */
function replyOf(status: number, body: Buffer): Reply {
  return status >= 300 && status < 400 ? { kind: 'unusable', cause: 'redirect' } : parseReply(body);
}
