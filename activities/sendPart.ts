import { present } from '../src/domain/present';
import { CLAIM_MAX_AGE_MS } from '../src/domain/lane/lease';
import type { SendOutcome } from '../src/channels/gateway';
import type { ClaimResult } from '../src/store/messages/claimResult';
import type { MessageRow } from '../src/store/rows';
import type { PartContent } from '../src/domain/content';
import { asDomainError } from '../src/domain/errors';
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
  const endpoint = present(granted.endpoint, 'the endpoint of a granted part');
  const content = await contentOfPart(deps, granted);
  const outcome = 'unsent' in content ? content.unsent : await adapter.send(endpoint, granted.to, content.part, guard);
  app.metrics.gatewaySends.inc({ outcome: outcome.kind, code: codeOf(outcome) });
  const recorded = await recordSurely(() =>
    app.store.messages.recordOutcome(granted.claim, outcome, wroteAt === null ? null : performance.now() - wroteAt),
  );
  countEnd(deps, recorded.message);
  await app.starter.wake(recorded.wakes);
  if (recorded.changedConnection !== null) app.starter.connectionChanged(granted.claim, recorded.changedConnection);
}

/**
 * A file is offered to the gateway at an address of ours; what is kept already is only looked up. Where the file is
 * gone and can not be had again, the part was certainly not sent.
 */
async function contentOfPart(
  { app, draining }: ActivityDeps,
  { claim, part, content }: Granted,
): Promise<{ part: PartContent } | { unsent: SendOutcome }> {
  if (part.kind !== 'media') return { part };
  const source = present(content.attachments?.[part.attachment], 'the attachment of a part');
  try {
    const kept = await app.media.take(claim, { messageId: claim.messageId, n: part.attachment }, source, draining);
    const url = app.media.addressOf(claim, kept.mediaId, kept.name);
    return { part: { kind: 'media', attachment: { url, name: kept.name }, caption: part.caption } };
  } catch (thrown) {
    const { retry, code, message } = asDomainError(thrown);
    return { unsent: { kind: 'rejected', retry: retry === 'never' ? 'never' : 'later', code, text: message } };
  }
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
