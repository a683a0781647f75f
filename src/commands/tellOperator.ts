import type { App } from '../app';
import { tellBackoffMs } from '../domain/alerts';
import { alertWords } from '../domain/alertWords';
import type { DueTell } from '../store/alerts/tells';
import { finishTell } from './finishTell';

const TIMEOUT_MS = 10_000;

/**
 * Posts one alert, or its end, to ALERT_WEBHOOK_URL. Anything but a 2xx is tried again with growing waits, for a day;
 * an answer that got lost makes the same post come twice, with the same Idempotency-Key.
 */
export async function tellOperator(
  app: Pick<App, 'store' | 'metrics' | 'logger'>,
  url: string,
  tell: DueTell,
): Promise<void> {
  const status = await post(url, tell);
  const taken = status !== null && status >= 200 && status < 300;
  if (taken) return await finishTell(app, tell, { kind: 'done' });
  const later = { kind: 'later', waitMs: tellBackoffMs(tell.tries), unclear: true } as const;
  await finishTell(app, tell, later, { status: status ?? 0 });
}

/** Returns the answer's status; null when there was none. The address is in no error: it may hold a secret. */
async function post(url: string, tell: DueTell): Promise<number | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': tell.tellId },
      body: JSON.stringify(bodyOf(tell)),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

/** As the contract has it: `{kind, state, locationId, connectionId?, since, text, next}`. */
function bodyOf(tell: DueTell): object {
  const { kind, phase: state } = tell;
  return { kind, state, ...whoseOf(tell), since: new Date(tell.since).toISOString(), ...alertWords(tell) };
}

/** A company's trouble is no location's. */
function whoseOf({ kind, locationId, connectionId }: DueTell): object {
  if (kind === 'company_reauth') return { locationId: null, companyId: locationId };
  return connectionId === null ? { locationId } : { locationId, connectionId };
}
