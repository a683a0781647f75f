import type { GatewayEndpoint } from '../../gateway';
import type { WaapifyClient } from '../client';
import { isSuccess } from '../reply';
import { callFailure } from './callFailure';

/**
 * Tells the gateway where to post: one address for each instance, without a signature, so that the address itself is
 * the secret. Only the exact word `true` enables it. May be repeated. Throws DomainError (see callFailure).
 */
export async function setWebhook(client: WaapifyClient, endpoint: GatewayEndpoint, url: string): Promise<void> {
  const result = await client.call(endpoint, 'setWebhook', { webhook_url: url, enable: 'true' });
  const fields = result.kind === 'answer' && result.reply.kind === 'json' ? result.reply.fields : {};
  if (!isSuccess(fields)) throw callFailure(result, endpoint);
}
