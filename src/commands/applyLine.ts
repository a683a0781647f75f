import type { App } from '../app';
import type { WebhookPost } from '../store/webhookPosts';
import { applyWebhookPost } from './applyWebhookPost';

/** Applies stored gateway posts behind their answers. */
export interface ApplyLine {
  /** Applies a post after those of its connection that were pushed before. Returns at once, never throws. */
  push(post: WebhookPost): void;
  /** Resolves when nothing is in hand any more. */
  drain(): Promise<void>;
}

/** How much may be in hand; what comes on top of it stays in the store, where the sweeper finds it. */
export interface ApplyLimits {
  posts: number;
  bytes: number;
}

const LIMITS: ApplyLimits = { posts: 2_000, bytes: 64 * 1024 * 1024 };

/**
 * Returns the line: one after the other for each connection, in order of arrival; connections beside each other.
 * Nothing is lost with it: a post is stored before it is pushed, and stays due until it was applied.
 */
export function createApplyLine(app: App, limits = LIMITS): ApplyLine {
  const last = new Map<string, Promise<void>>();
  const inHand = { posts: 0, bytes: 0 };

  const take = (post: WebhookPost, by: 1 | -1): void => {
    inHand.posts += by;
    inHand.bytes += by * post.raw.length;
  };
  const apply = async (before: Promise<void> | undefined, post: WebhookPost): Promise<void> => {
    await before;
    try {
      // In order also behind a process that died with posts in its hand; applying one twice changes nothing.
      for (const older of await app.store.posts.olderThan(post, post)) await applyWebhookPost(app, older);
      await applyWebhookPost(app, post);
    } catch (error) {
      app.logger.warn({ err: error, postId: post.id }, 'gateway post not applied; the sweeper tries again');
    } finally {
      take(post, -1);
    }
  };

  return {
    push(post) {
      if (inHand.posts >= limits.posts || inHand.bytes + post.raw.length > limits.bytes) return;
      take(post, 1);
      const mine = apply(last.get(post.connectionId), post);
      last.set(post.connectionId, mine);
      void mine.then(() => {
        if (last.get(post.connectionId) === mine) last.delete(post.connectionId);
      });
    },
    async drain() {
      while (last.size > 0) await Promise.all(last.values());
    },
  };
}
