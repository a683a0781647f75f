import type { App } from '../../app';
import { hashSecret } from '../../crypto/secrets';
import { notFound } from '../../domain/errors';
import type { ConnectionRow } from '../../store/rows';
import type { Step } from '../step';

export interface ConnectionOfSecret {
  /** The connection that the secret in the address belongs to. */
  connection: ConnectionRow;
}

/** Finds the connection by the secret in its webhook address, kept only as a hash; 404 where there is none. */
export function gatewaySecret({ store }: Pick<App, 'store'>): Step<ConnectionOfSecret> {
  return async (ctx, next) => {
    const connection = await store.connections.findByWebhookHash(hashSecret(ctx.params['secret'] ?? ''));
    if (connection === null) throw notFound('address');
    ctx.state.connection = connection;
    await next();
  };
}
