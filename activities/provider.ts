import { DomainError } from '../src/domain/errors';
import type { Settings } from '../src/config/settings';

/**
 * Returns the provider under which what arrives is posted: the contact's last exchange decides in a later step, until
 * then the location's default SMS provider, else the first one. Throws `no_provider` (later).
 */
export function inboundProvider(settings: Settings): Settings['ghlProviders'][number] {
  const sms = settings.ghlProviders.filter((provider) => provider.channel === 'sms');
  const provider = sms.find(({ mode }) => mode === 'default') ?? sms[0];
  if (provider === undefined) throw new DomainError('no_provider', 'later', 'GHL_PROVIDERS names no SMS provider.');
  return provider;
}
