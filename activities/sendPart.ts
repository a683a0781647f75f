import { present } from '../src/domain/present';
import { CLAIM_MAX_AGE_MS } from '../src/domain/lane';
import type { SendOutcome } from '../src/channels/gateway';
import type { ClaimResult } from '../src/store/messages/claimResult';
import type { MessageRow } from '../src/store/rows';
import type { ActivityDeps } from './deps';

type Granted = ClaimResult & { kind: 'granted' };

/** The outcome has to be in the ledger; a store that hiccups is asked again this often, a second apart. */
const RECORD_TRIES = 8;

/**
 * Hands a claimed part to its gateway, once, and writes down what became of it before it returns. `grantedBefore` is a
 * monotonic time taken before the claim: a process that was frozen since then gives the claim back unwritten.
 */
export async function sendPart(deps: ActivityDeps, granted: Granted, grantedBefore: number): Promise<void> {
  const { app } = deps;
  const adapter = app.gateway(granted.gateway);
  let wroteAt: number | null = null;
  const mayWrite = (): boolean => {
    if (performance.now() - grantedBefore > CLAIM_MAX_AGE_MS) return false;
    wroteAt = performance.now();
    return true;
  };
  const guard = { timeoutMs: app.settings.waapifyTimeoutMs, attemptToken: granted.claim.attemptToken, mayWrite };
  const outcome = await adapter.send(
    present(granted.endpoint, 'the endpoint of a granted part'),
    granted.to,
    granted.part,
    guard,
  );
  app.metrics.gatewaySends.inc({ outcome: outcome.kind, code: codeOf(outcome) });
  const recorded = await recordSurely(() =>
    app.store.messages.recordOutcome(granted.claim, outcome, wroteAt === null ? null : performance.now() - wroteAt),
  );
  countEnd(deps, recorded.message);
  await app.starter.wake(recorded.wakes);
  if (recorded.changedConnection !== null) app.starter.connectionChanged(granted.claim, recorded.changedConnection);
}

/** The last part's outcome is the message's. */
function countEnd({ app }: ActivityDeps, { channel, state }: MessageRow): void {
  const event = state === 'delivered' || state === 'sent' ? 'sent' : state === 'failed' ? 'failed' : null;
  if (event !== null) app.metrics.messages.inc({ channel, direction: 'outbound', event });
}

async function recordSurely<T>(record: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await record();
    } catch (error) {
      if (tries >= RECORD_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

function codeOf(outcome: SendOutcome): string {
  switch (outcome.kind) {
    case 'accepted':
      return 'none';
    case 'ambiguous':
    case 'not_sent':
      return outcome.cause;
    case 'held':
    case 'rejected':
      return outcome.code;
  }
}
