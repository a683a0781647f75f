import type { Provider } from '../../config/parsers/providers';
import { equalSecret } from '../../crypto/secrets';
import { notFound } from '../../domain/errors';
import type { Step } from '../step';

export interface ProviderState {
  /** The provider that the secret in the address names. */
  provider: Provider;
}

/**
 * Finds the provider by the secret in its Delivery URL, 404 where there is none. Every secret is compared, whether or
 * not one has fitted: the time tells nothing.
 */
export function deliverySecret(providers: readonly Provider[]): Step<ProviderState> {
  const known = providers.flatMap((provider) => provider.deliverySecrets.map((secret) => ({ provider, secret })));
  return async (ctx, next) => {
    const given = ctx.params['secret'] ?? '';
    const fitting = known.filter(({ secret }) => equalSecret(secret, given));
    if (fitting[0] === undefined) throw notFound('address');
    ctx.state.provider = fitting[0].provider;
    await next();
  };
}
