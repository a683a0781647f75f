import { isIP } from 'node:net';
import { isLoopbackHost } from '../../config/parsers/address';
import { DomainError } from '../../domain/errors';
import type { ListenerStep } from '../step';

/**
 * Takes only requests that name this machine, an IP address or ADMIN_HOST: a web page in the operator's browser can
 * make a name of its own point at 127.0.0.1, but the browser then sends that name (DNS rebinding). Else 421.
 */
export function adminHost(adminHostSetting: string): ListenerStep {
  return async (ctx, next) => {
    const host = hostOf(ctx.get('Host'));
    if (!isLoopbackHost(host) && isIP(host) === 0 && host !== adminHostSetting.toLowerCase()) {
      const message = 'The admin listener answers only to a loopback name, an IP address or ADMIN_HOST.';
      throw new DomainError('host_not_allowed', 'never', message, { status: 421 });
    }
    await next();
  };
}

/** Returns the host of a Host header in lower case, without port and without the brackets of an IPv6 address. */
function hostOf(header: string): string {
  const [, v6, name] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header.trim().toLowerCase()) ?? [];
  return v6 ?? name ?? '';
}
