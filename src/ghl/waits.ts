import { WINDOW_MS, type Quota } from '../domain/requestBudget';
import type { WireHeaders } from './exchange';

const SECOND_MS = 1_000;
export const DAY_MS = 86_400_000;

/** Returns one header as text, or undefined. A repeated header gives its first value. */
function header(headers: WireHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Returns the wait that a `Retry-After` header asks for (seconds or an HTTP date), 1 s to 1 day, or undefined. */
export function retryAfterMs(headers: WireHeaders, nowMs: number): number | undefined {
  const value = header(headers, 'retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  const waitMs = /^\d+$/.test(value) ? Number(value) * SECOND_MS : Date.parse(value) - nowMs;
  return Number.isNaN(waitMs) ? undefined : within(waitMs);
}

/**
 * Returns how long to wait after a 429, in milliseconds: `Retry-After` where GHL sends one; until the next UTC day when
 * the daily quota is spent; otherwise the burst interval it names, or ours where it names none (GHL docs, rate limits).
 */
export function rateLimitWaitMs(headers: WireHeaders, nowMs: number): number {
  const asked = retryAfterMs(headers, nowMs);
  if (asked !== undefined) return asked;
  if (header(headers, 'x-ratelimit-daily-remaining')?.trim() === '0') return DAY_MS - (nowMs % DAY_MS);
  const interval = Number(header(headers, 'x-ratelimit-interval-milliseconds'));
  return interval > 0 ? within(interval) : WINDOW_MS;
}

/** Returns what GHL's headers say is left in the burst window and in the day (GHL docs, rate limits). */
export function quotaOf(headers: WireHeaders): Quota {
  return {
    remaining: countOf(header(headers, 'x-ratelimit-remaining')),
    dailyRemaining: countOf(header(headers, 'x-ratelimit-daily-remaining')),
  };
}

function countOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

function within(waitMs: number): number {
  return Math.min(Math.max(Math.round(waitMs), SECOND_MS), DAY_MS);
}
