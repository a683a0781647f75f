import type { SandboxWaapify } from '../../src/sandbox/waapify';
import { call, type Answered, type CallOptions } from './sandboxCalls';

export const INSTANCE = '609ACF2830001';
export const NUMBER = '60123456789';

/** Makes one API call with token and instance in the query, as the first generation wants it. */
export function gateway(
  waapify: SandboxWaapify,
  endpoint: string,
  params: Record<string, string> = {},
  options: CallOptions = {},
): Promise<Answered> {
  const all = { access_token: waapify.token, instance_id: INSTANCE, ...params };
  const url = `${waapify.baseUrl}/${endpoint}?${new URLSearchParams(all).toString()}`;
  return call('POST', url, { version: null, ...options });
}

/** Sends a text to NUMBER. */
export function sendText(waapify: SandboxWaapify, message: string, options?: CallOptions): Promise<Answered> {
  return gateway(waapify, 'send.php', { type: 'text', number: NUMBER, message }, options);
}

/** Makes a call and gives it up once `until` has happened. Returns whether it was still without an answer then. */
export async function abandoned(
  start: (options: CallOptions) => Promise<Answered>,
  until: () => Promise<unknown>,
): Promise<boolean> {
  const controller = new AbortController();
  const outcome = start({ signal: controller.signal }).then(
    () => false,
    () => controller.signal.aborted,
  );
  await until();
  controller.abort();
  return outcome;
}
