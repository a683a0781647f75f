import { equalSecret } from '../../crypto/secrets';
import { DomainError } from '../../domain/errors';
import type { ListenerStep } from '../step';

/** Takes only requests with `Authorization: Bearer <token>`; open are the given paths. Else 401. */
export function bearer(token: string, openPaths: ReadonlySet<string>): ListenerStep {
  return async (ctx, next) => {
    const [, given] = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization')) ?? [];
    const fits = equalSecret(given ?? '', token);
    if (!fits && !openPaths.has(ctx.path)) {
      ctx.set('WWW-Authenticate', 'Bearer');
      throw new DomainError('unauthorized', 'never', 'Send the header Authorization: Bearer ADMIN_TOKEN.', {
        status: 401,
      });
    }
    await next();
  };
}
