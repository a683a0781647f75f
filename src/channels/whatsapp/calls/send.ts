import type { Address } from '../../../domain/address';
import type { PartContent } from '../../../domain/content';
import type { GatewayEndpoint, SendGuard, SendOutcome } from '../../gateway';
import type { WaapifyClient } from '../client';
import { guardText } from '../guardText';
import type { WaapifyMethod } from '../paths';
import { refusal } from '../refusals';
import { sendOutcome } from './sendOutcome';

/**
 * Sends one part: certain where it can be, ambiguous everywhere else. Only a WhatsApp number or group counts as `to`;
 * the gateway appends its own suffix to bare digits and would take a plus for a part of the name. Never throws.
 */
export async function sendPart(
  client: WaapifyClient,
  endpoint: GatewayEndpoint,
  to: Address,
  part: PartContent,
  guard: SendGuard,
): Promise<SendOutcome> {
  const receiver = receiverOf(to);
  if (receiver === null) return refusal('bad_number');
  if (part.kind === 'template' && receiver.method === 'sendGroup') return refusal('template_to_group');
  const content = contentParams(part);
  const params = { type: part.kind, ...receiver.params, ...content };
  const { timeoutMs, mayWrite } = guard;
  const result = await client.call(endpoint, receiver.method, params, { timeoutMs, mayWrite });
  const texts = [...Object.values(receiver.params), ...Object.values(content)];
  return sendOutcome(result, [endpoint.token, endpoint.instanceId, ...texts]);
}

interface Receiver {
  method: WaapifyMethod;
  params: Record<string, string>;
}

/** A person is written to by bare digits, a group by its whole jid, at an address of its own. */
function receiverOf({ channel, value }: Address): Receiver | null {
  if (channel !== 'whatsapp') return null;
  const number = /^\+(\d{8,15})$/.exec(value)?.[1];
  if (number !== undefined) return { method: 'send', params: { number } };
  return GROUP.test(value) ? { method: 'sendGroup', params: { group_id: value } } : null;
}

const GROUP = /^[\d-]+@g\.us$/;

/** The gateway fetches a file itself, tells its kind by the ending of the address and names documents only. */
function contentParams(part: PartContent): Record<string, string> {
  switch (part.kind) {
    case 'text':
      return { message: guardText(part.text) };
    case 'template':
      return { message: part.name };
    case 'media': {
      const { url, name } = part.attachment;
      return {
        media_url: url,
        ...(part.caption === undefined ? {} : { message: guardText(part.caption) }),
        ...(name === undefined ? {} : { filename: name }),
      };
    }
  }
}
