import { DomainError, notFound } from '../../domain/errors';
import type { ListenerStep } from '../step';

/** Refuses what no route has answered: 404, 405 for a method that the address does not know (`Allow` names them). */
export function unknownRoute(): ListenerStep {
  return async (ctx, next) => {
    await next();
    if (ctx.body != null || ctx.status < 400) return;
    if (ctx.status === 404) throw notFound('address');
    const message = 'This address does not know that method.';
    throw new DomainError('method_not_allowed', 'never', message, { status: ctx.status });
  };
}
