import { DomainError } from '../../domain/errors';
import type { Step } from '../step';

/**
 * Takes only what our own page asks for: a browser says of every post which page sends it, and no other page can
 * change that. What is no browser says nothing and is let through; it holds no one's session. Else 403.
 */
export function sameOrigin(publicUrl: string): Step {
  const own = new URL(publicUrl).origin;
  return async (ctx, next) => {
    const origin = ctx.get('Origin');
    const site = ctx.get('Sec-Fetch-Site');
    if ((origin !== '' && origin !== own) || !['', 'same-origin', 'none'].includes(site)) {
      throw new DomainError('cross_origin', 'never', 'Only our own page may ask for this.', { status: 403 });
    }
    await next();
  };
}
