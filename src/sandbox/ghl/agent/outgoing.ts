import type { PostResult } from '../../kit/poster';
import { signedPost, type Tamper } from './signing';
import type { GhlState } from '../records/state';

/** A webhook of the stand-in on its way out. */
export interface Outgoing {
  kind: 'delivery' | 'event';
  operation: string;
  url: string;
  bytes: Buffer;
  locationId?: string;
  tamper?: Tamper;
  /** Told of every try, retries included. */
  onAttempt?: (result: PostResult) => void;
}

function shouldRetry(state: GhlState, status: number): boolean {
  const { policy } = state.settings.retry;
  if (policy === 'only_429') return status === 429;
  return policy === 'any_failure' && (status < 200 || status > 299);
}

async function attempt(state: GhlState, outgoing: Outgoing, summary: string): Promise<PostResult> {
  const { bytes, headers } = signedPost(outgoing.bytes, state.key, outgoing.tamper);
  const result = await state.poster.post(outgoing.url, bytes, state.settings.deliveryTimeoutMs, headers);
  outgoing.onAttempt?.(result);
  state.journal.add({
    at: state.now(),
    kind: outgoing.kind,
    operation: outgoing.operation,
    method: 'POST',
    // The rest of the address holds the bridge's secret.
    path: new URL(outgoing.url).origin,
    locationId: outgoing.locationId,
    status: result.status,
    summary: result.error ?? summary,
  });
  state.watch.changed();
  return result;
}

/**
 * Posts a webhook, signed, and returns what the first try got. Further tries follow in the background as the retry
 * policy says, the same bytes each time.
 */
export async function postOut(state: GhlState, outgoing: Outgoing): Promise<PostResult> {
  const retryAfter = (result: PostResult, done: number) => {
    const delayMs = state.settings.retry.delaysMs[done];
    if (delayMs === undefined || !shouldRetry(state, result.status)) return;
    state.timers.run(delayMs, () => {
      void attempt(state, outgoing, `retry ${done + 1}`).then((next) => retryAfter(next, done + 1));
    });
  };
  const first = await attempt(state, outgoing, 'first try');
  retryAfter(first, 0);
  return first;
}
