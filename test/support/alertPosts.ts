import { startReceiver } from './sandboxReceiver';
import type { TestTemporal } from './temporalServer';

/** What the operator's webhook gets (contract, section 2). */
export interface AlertPost {
  kind: string;
  state: 'open' | 'closed';
  locationId: string;
  connectionId?: string;
  since: string;
  text: string;
  next: string;
}

export interface AlertReceiver {
  /** To be given to the bridge as ALERT_WEBHOOK_URL. */
  url: string;
  /** What came, oldest first, as `open reauth`. */
  told(): string[];
  posts(): AlertPost[];
  /** Statuses of the next answers; 200 behind them. */
  answers: number[];
}

/** Starts a webhook of the operator's; it ends with the test's Temporal. */
export async function startAlertReceiver(temporal: TestTemporal): Promise<AlertReceiver> {
  const receiver = await startReceiver();
  temporal.onEnd(() => receiver.stop());
  const posts = (): AlertPost[] => receiver.posts.entries.map(({ json }) => json as AlertPost);
  return {
    url: receiver.url,
    told: () => posts().map(({ state, kind }) => `${state} ${kind}`),
    posts,
    answers: receiver.statuses,
  };
}
