import { asDomainError } from '../src/domain/errors';
import type { MessageArgs } from '../src/domain/workflowTypes';
import { sourceOfReference } from '../src/media/encrypted/sourceOf';
import type { FileFetched } from '../src/store/messages/inboundFile';
import { scopeOf, type ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';

/** The activities of a file that arrives with a message. */
export function createInboundFileActivities(deps: ActivityDeps) {
  return {
    /**
     * Fetches, decrypts, checks and keeps a message's file, once; what became of it is in the ledger when this returns.
     * Safe to repeat, also beside itself.
     */
    fetchInboundFile: (args: MessageArgs): Promise<void> => withHeartbeat(() => fetchInboundFile(deps, args)),
  };
}

async function fetchInboundFile({ app, draining }: ActivityDeps, args: MessageArgs): Promise<void> {
  const scope = scopeOf(args);
  const { messageId } = args;
  const reference = await app.store.inboundFiles.wanted(scope, messageId);
  if (reference === null) return;
  const fetched = await app.media.take(scope, { messageId, n: 0 }, sourceOfReference(reference), draining).then(
    (): FileFetched => ({ kind: 'kept' }),
    (thrown: unknown): FileFetched => {
      const { code, retry, retryAfterMs = 0 } = asDomainError(thrown);
      app.logger.info({ code, locationId: scope.locationId, messageId }, 'a file that arrived is not fetched');
      return retry === 'never'
        ? { kind: 'failed', reason: code }
        : { kind: 'later', reason: code, afterMs: retryAfterMs };
    },
  );
  await app.starter.wake(await app.store.inboundFiles.record(scope, messageId, fetched));
}
