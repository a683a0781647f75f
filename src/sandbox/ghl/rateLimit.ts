import type { Reply } from '../kit/answer';
import type { GhlState, RateWindow } from './records/state';

const DAY_MS = 24 * 60 * 60 * 1000;

function windowOf(state: GhlState, resource: string): RateWindow {
  const now = state.now();
  const rate = state.rates.get(resource) ?? { intervalStart: now, intervalCount: 0, dayStart: now, dayCount: 0 };
  if (now - rate.intervalStart >= state.settings.rateLimit.intervalMs) {
    Object.assign(rate, { intervalStart: now, intervalCount: 0 });
  }
  if (now - rate.dayStart >= DAY_MS) Object.assign(rate, { dayStart: now, dayCount: 0 });
  state.rates.set(resource, rate);
  return rate;
}

/** Counts one request of a location or company; returns false when it is over a limit that is enforced. */
export function withinLimits(state: GhlState, resource: string): boolean {
  const { enforce, max, daily } = state.settings.rateLimit;
  const rate = windowOf(state, resource);
  if (enforce && (rate.intervalCount >= max || rate.dayCount >= daily)) return false;
  rate.intervalCount += 1;
  rate.dayCount += 1;
  return true;
}

/** Returns the reply with the five limit headers that GHL puts on every answer (GHL docs, rate limits). */
export function withLimitHeaders(state: GhlState, resource: string | undefined, reply: Reply): Reply {
  const { max, daily, intervalMs } = state.settings.rateLimit;
  const rate = resource === undefined ? undefined : windowOf(state, resource);
  const headers = {
    'x-ratelimit-limit-daily': String(daily),
    'x-ratelimit-daily-remaining': String(Math.max(0, daily - (rate?.dayCount ?? 0))),
    'x-ratelimit-interval-milliseconds': String(intervalMs),
    'x-ratelimit-max': String(max),
    'x-ratelimit-remaining': String(Math.max(0, max - (rate?.intervalCount ?? 0))),
  };
  return { ...reply, headers: { ...reply.headers, ...headers } };
}
