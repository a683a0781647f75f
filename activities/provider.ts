import type { Settings } from '../src/config/settings';
import { DomainError } from '../src/domain/errors';
import type { InboundMessage } from '../src/ghl/conversations';

type Provider = Settings['ghlProviders'][number];

/**
 * Returns the provider under which what arrives is posted: that of the contact's last exchange (`last`), where it is an
 * SMS provider of the app still; else the location's default SMS provider, else the first one. Throws `no_provider`
 * (later).
 */
export function inboundProvider({ ghlProviders }: Pick<Settings, 'ghlProviders'>, last: string | null): Provider {
  const sms = ghlProviders.filter((provider) => provider.channel === 'sms');
  const provider = sms.find(({ id }) => id === last) ?? sms.find(({ mode }) => mode === 'default') ?? sms[0];
  if (provider === undefined) throw new DomainError('no_provider', 'later', 'GHL_PROVIDERS names no SMS provider.');
  return provider;
}

/**
 * Returns as which type a message is posted under a provider. GHL's docs have `SMS` for both modes; GHL itself calls
 * the messages of an extra provider `Custom` (seen in its Delivery posts since July 2025), and integrations that post
 * them so work. The setting decides where a location needs the other one.
 */
export function inboundType({ mode, inboundType: chosen }: Provider): InboundMessage['type'] {
  return chosen ?? (mode === 'default' ? 'SMS' : 'Custom');
}
