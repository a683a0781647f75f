import { equalSecret } from '../../crypto/secrets';
import { DomainError } from '../../domain/errors';
import type { Step } from '../step';

/**
 * Takes only requests whose header `X-Bridge-Key` is one of ENDPOINT_SECRET's values, else 401: GHL signs none of its
 * calls to actions, options, triggers and external authentication, it only sends static headers (GHL docs, marketplace
 * modules). Every value is compared, whether or not one has fitted: the time tells nothing.
 */
export function bridgeKey(keys: readonly string[]): Step {
  return async (ctx, next) => {
    const given = ctx.get('X-Bridge-Key');
    const fitting = keys.filter((key) => equalSecret(key, given));
    if (fitting.length === 0) throw given === '' ? missing() : wrong();
    await next();
  };
}

function missing(): DomainError {
  const message =
    'The header X-Bridge-Key is missing: add it in the marketplace app, where this address stands, with the value of ENDPOINT_SECRET.';
  return new DomainError('bridge_key_missing', 'never', message, { status: 401 });
}

function wrong(): DomainError {
  const message =
    'The header X-Bridge-Key is wrong: in the marketplace app, where this address stands, it must be the value of ENDPOINT_SECRET.';
  return new DomainError('bridge_key_wrong', 'never', message, { status: 401 });
}
