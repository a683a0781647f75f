import type { NumberCheck } from '../src/channels/gateway';
import { asDomainError, type DomainError } from '../src/domain/errors';
import type { Attachment } from '../src/domain/content';
import type { Prepared } from '../src/domain/parts';
import type { MessageArgs } from '../src/domain/workflowTypes';
import type { Preparation } from '../src/store/messages/claimResult';
import { scopeOf, type ActivityDeps } from './deps';

/** Contract: nothing waits longer for an answer on a number. */
const NUMBER_MS = 5_000;
/** Files are fetched for so long in one go, a few at a time; what is kept by then stays, and the next go has the rest. */
const FILES_MS = 60_000;
const FILES_AT_ONCE = 4;

/**
 * Looks at what a message needs before its first part is claimed: fetches its files and asks whether its number has an
 * account. What was found, and what can not be sent or not now, is in the ledger when this returns. `leaveHost` is called
 * once the gateway has said all it is asked: files lie elsewhere, and a slow one holds no gateway's slot.
 */
export async function prepareMessage(
  deps: ActivityDeps,
  args: MessageArgs,
  preparation: Preparation,
  leaveHost: () => void,
): Promise<void> {
  const { app } = deps;
  const scope = scopeOf(args);
  const asked = checkNumber(deps, preparation).finally(leaveHost);
  const [number, files] = await Promise.all([asked, fetchFiles(deps, args, preparation)]);
  const { messages } = app.store;
  const wakes =
    files.kind === 'found'
      ? await messages.recordPrepared(scope, args.messageId, { files: files.prepared, number })
      : files.error.retry === 'never'
        ? await messages.failPreparation(scope, args.messageId, wordsOf(files))
        : await messages.deferPreparation(scope, args.messageId, {
            ...wordsOf(files),
            afterMs: files.error.retryAfterMs,
          });
  await app.starter.wake(wakes);
}

async function checkNumber({ app }: ActivityDeps, preparation: Preparation): Promise<NumberCheck | null> {
  const { check, endpoint, gateway } = preparation;
  const ask = app.gateway(gateway).checkNumber;
  return check === null || endpoint === null || ask === undefined ? null : await ask(endpoint, check, NUMBER_MS);
}

type Files = { kind: 'found'; prepared: Prepared[] } | { kind: 'missing'; n: number; of: number; error: DomainError };

/** Returns what became of all files, or of the first that is missing. */
async function fetchFiles(deps: ActivityDeps, args: MessageArgs, preparation: Preparation): Promise<Files> {
  const sources = preparation.content.attachments ?? [];
  const signal = AbortSignal.any([deps.draining, AbortSignal.timeout(FILES_MS)]);
  const prepared: Prepared[] = [];
  for (let from = 0; from < sources.length; from += FILES_AT_ONCE) {
    const batch = sources.slice(from, from + FILES_AT_ONCE);
    const ends = await Promise.allSettled(
      batch.map((source, index) => fetchFile(deps, args, preparation, from + index, source, signal)),
    );
    for (const [index, end] of ends.entries()) {
      if (end.status === 'fulfilled') prepared.push(end.value);
      else return { kind: 'missing', n: from + index + 1, of: sources.length, error: asDomainError(end.reason) };
    }
  }
  return { kind: 'found', prepared };
}

/** A file that can never be sent becomes a link in the text where the connection wants that. */
async function fetchFile(
  { app }: ActivityDeps,
  args: MessageArgs,
  { fallback }: Preparation,
  n: number,
  source: Attachment,
  signal: AbortSignal,
): Promise<Prepared> {
  try {
    const { kind, mediaId } = await app.media.take(scopeOf(args), { messageId: args.messageId, n }, source, signal);
    return { kind, mediaId };
  } catch (thrown) {
    const error = asDomainError(thrown);
    if (fallback === 'link' && error.retry === 'never' && LINKABLE.has(error.code)) return { kind: 'link' };
    throw error;
  }
}

/** Files that are there and can not be sent as files; an address that leads nowhere helps nobody as a link either. */
const LINKABLE = new Set(['media_too_large', 'media_type_refused']);

/** With several files, which one it was. */
function wordsOf({ n, of, error }: Files & { kind: 'missing' }): { reason: string; text: string } {
  return { reason: error.code, text: of === 1 ? error.message : `File ${n} of ${of}: ${error.message}` };
}
