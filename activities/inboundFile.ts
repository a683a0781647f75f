import type { FileReference } from '../src/domain/content';
import { asDomainError } from '../src/domain/errors';
import type { MessageArgs } from '../src/domain/workflowTypes';
import { sourceOfReference } from '../src/media/encrypted/sourceOf';
import type { FileFetched } from '../src/store/messages/inboundFile';
import { scopeOf, type ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';
import { createSlots, type Slots } from './slots';

/** Files that arrive share the worker with all sends, and a slow one takes minutes: most of the worker is left to sends. */
const SLOTS = { total: 50, each: () => 10 };
/** A file for which there is no slot is asked for again after this long: it does not wait inside the worker. */
const BUSY_MS = 5_000;

/** The activities of a file that arrives with a message. */
export function createInboundFileActivities(deps: ActivityDeps) {
  const slots = createSlots(SLOTS);
  return {
    /**
     * Fetches, decrypts, checks and keeps a message's file, once; what became of it is in the ledger when this returns.
     * Safe to repeat, also beside itself.
     */
    fetchInboundFile: (args: MessageArgs): Promise<void> => withHeartbeat(() => fetchInboundFile(deps, slots, args)),
  };
}

async function fetchInboundFile(deps: ActivityDeps, slots: Slots, args: MessageArgs): Promise<void> {
  const { app } = deps;
  const scope = scopeOf(args);
  const { messageId } = args;
  const reference = await app.store.inboundFiles.wanted(scope, messageId);
  if (reference === null) return;
  const giveBack = slots.take(scope.locationId);
  const fetched: FileFetched =
    giveBack === null ? { kind: 'busy', afterMs: BUSY_MS } : await fetchFile(deps, args, reference).finally(giveBack);
  await app.starter.wake(await app.store.inboundFiles.record(scope, messageId, fetched));
}

async function fetchFile(
  { app, draining }: ActivityDeps,
  args: MessageArgs,
  reference: FileReference,
): Promise<FileFetched> {
  const scope = scopeOf(args);
  const { messageId } = args;
  const source = sourceOfReference(reference, app.settings.mediaAllowHosts);
  return await app.media.take(scope, { messageId, n: 0 }, source, draining).then(
    (): FileFetched => ({ kind: 'kept' }),
    (thrown: unknown): FileFetched => {
      const { code, retry, retryAfterMs = 0 } = asDomainError(thrown);
      app.logger.info({ code, locationId: scope.locationId, messageId }, 'a file that arrived is not fetched');
      return retry === 'never'
        ? { kind: 'failed', reason: code }
        : { kind: 'later', reason: code, afterMs: retryAfterMs };
    },
  );
}
