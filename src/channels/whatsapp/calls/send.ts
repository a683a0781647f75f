import type { Address } from '../../../domain/address';
import type { PartContent } from '../../../domain/content';
import type { GatewayEndpoint, SendGuard, SendOutcome } from '../../gateway';
import type { WaapifyClient } from '../client';
import { sendOutcome } from './sendOutcome';

/**
 * Sends one part: certain where it can be, ambiguous everywhere else. Only the WhatsApp number of `to` counts; the
 * gateway appends its own suffix to bare digits and would take a plus for a part of the name. Never throws.
 */
export async function sendPart(
  client: WaapifyClient,
  endpoint: GatewayEndpoint,
  to: Address,
  part: PartContent,
  guard: SendGuard,
): Promise<SendOutcome> {
  const number = /^\+(\d{8,15})$/.exec(to.value)?.[1];
  if (to.channel !== 'whatsapp' || number === undefined) return BAD_NUMBER;
  const content = contentParams(part);
  const params = { type: part.kind, number, ...content };
  const result = await client.call(endpoint, 'send', params, { timeoutMs: guard.timeoutMs, mayWrite: guard.mayWrite });
  return sendOutcome(result, [endpoint.token, endpoint.instanceId, number, ...Object.values(content)]);
}

const BAD_NUMBER: SendOutcome = {
  kind: 'rejected',
  retry: 'never',
  code: 'bad_number',
  text: 'The contact has no WhatsApp number that can be written to; correct it and send the message again.',
};

/** The gateway fetches a file itself, tells its kind by the ending of the address and names documents only. */
function contentParams(part: PartContent): Record<string, string> {
  if (part.kind === 'text') return { message: part.text };
  const { url, name } = part.attachment;
  return {
    media_url: url,
    ...(part.caption === undefined ? {} : { message: part.caption }),
    ...(name === undefined ? {} : { filename: name }),
  };
}
