import type { ListenerStep } from '../step';

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** Sets what holds for every answer: nothing of it is guessed, framed, referred to or kept. Routes may loosen it. */
export function securityHeaders(): ListenerStep {
  return async (ctx, next) => {
    ctx.set(HEADERS);
    await next();
  };
}
