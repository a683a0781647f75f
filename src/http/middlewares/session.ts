import type { App } from '../../app';
import { hashSecret } from '../../crypto/secrets';
import { DomainError } from '../../domain/errors';
import type { Session } from '../../store/sessions';
import type { Step } from '../step';

export interface SessionState {
  /** Who asks, and for which location: the only place from which a route takes the location. */
  session: Session;
}

/**
 * Takes only requests with the bearer token of a session that lasts, whose location still has the app: the store is
 * asked each time. Else 401, the same for all causes; 403 where an admin is needed and a user asks.
 */
export function session({ store }: Pick<App, 'store'>, needed: Session['role']): Step<SessionState> {
  return async (ctx, next) => {
    const [, token] = /^Bearer +([\w-]{1,128})$/i.exec(ctx.get('Authorization')) ?? [];
    const found = token === undefined ? null : await store.sessions.find(hashSecret(token));
    if (found === null) {
      ctx.set('WWW-Authenticate', 'Bearer');
      throw new DomainError('session_over', 'never', 'The session is over: reload the page in GHL.', { status: 401 });
    }
    if (needed === 'admin' && found.role !== 'admin') {
      throw new DomainError('admins_only', 'never', 'Only an admin of the location may change this.', { status: 403 });
    }
    ctx.state.session = found;
    await next();
  };
}
