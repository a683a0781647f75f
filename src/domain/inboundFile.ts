/**
 * The pure rules of a file that arrives with a message: how long its sender's later messages are held for it, and how it
 * is posted. It is fetched from the moment at which the message arrives, whether or not it is the message's turn. Times
 * are epoch milliseconds by the database's clock.
 */

/** wanted: not fetched yet. kept: it lies in the media folder. failed: it never will. */
export type FileState = 'wanted' | 'kept' | 'failed';

/**
 * How a post to GHL goes with its file. with: attached. follows: the words go now, the file behind them in a post of
 * its own. note: words in its place.
 */
export type FilePost = 'with' | 'follows' | 'note';

/** How a granted post goes with the message's file. */
export interface PostedFile {
  how: FilePost;
  /** The words stand in GHL: this post brings the file alone. */
  behindWords: boolean;
  /** Where GHL shows it from, once that is known. */
  address: string | null;
  /** Why there is none. */
  reason: string | null;
}

/** So long at most are later messages of the same sender held for a file. */
export const FILE_HOLD_MS = 60_000;

/** How long a run sleeps while it fetches; the end of the fetch wakes it. */
const FETCHING_MS = 600_000;

export interface FileFacts {
  now: number;
  state: FileState;
  /** Null: nobody has begun to fetch it. */
  holdUntil: number | null;
  retryAt: number | null;
  /** Its words stand in GHL: nobody is held for it any more. */
  wordsPosted: boolean;
}

export type FileTurn =
  | { kind: 'post'; how: FilePost }
  /** `file_coming`: it is to be fetched now, if nobody is at it. `file_retrying`: not before its back-off is over. */
  | { kind: 'wait'; until: number; reason: 'file_coming' | 'file_retrying' };

/** Returns what a message does about its file now: waits for it, or is posted (when the rest allows) and how. */
export function fileTurn(facts: FileFacts, holdMs: number): FileTurn {
  const { now, state, wordsPosted } = facts;
  if (state === 'kept') return { kind: 'post', how: 'with' };
  if (state === 'failed') return { kind: 'post', how: 'note' };
  const holdUntil = facts.holdUntil ?? now + holdMs;
  if (!wordsPosted && holdUntil <= now) return { kind: 'post', how: 'follows' };
  const retryAt = facts.retryAt ?? 0;
  const isResting = retryAt > now;
  const lookAt = isResting ? retryAt : now + FETCHING_MS;
  const until = wordsPosted ? lookAt : Math.min(lookAt, holdUntil);
  return { kind: 'wait', until, reason: isResting ? 'file_retrying' : 'file_coming' };
}

/**
 * Returns how a post goes with its file when an earlier try may have arrived: as that try went, so that what is found
 * in GHL is known for what it is. Only a file that has failed since can not be attached any more.
 */
export function samePost(earlier: FilePost | null, now: FilePost): FilePost {
  return earlier === null || now === 'note' ? now : earlier;
}
