import { DomainError } from '../../domain/errors';
import type { Step } from '../step';

/** Refuses HEAD, which the router takes for every GET: a link checker's look must not spend what can be spent once. */
export function getOnly(): Step {
  return async (ctx, next) => {
    if (ctx.method !== 'GET') {
      ctx.set('Allow', 'GET');
      throw new DomainError('method_not_allowed', 'never', 'This address knows only GET.', { status: 405 });
    }
    await next();
  };
}
