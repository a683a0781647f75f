import { randomUUID } from 'node:crypto';
import type { App } from '../app';
import type { WebhookPost } from '../store/webhookPosts';
import type { RunState } from '../temporal/runs';
import { startLoop, type Loop } from './loop';

export interface SweeperDeps {
  app: Pick<App, 'store' | 'starter' | 'settings' | 'logger' | 'metrics'>;
  describeRun(workflowId: string): Promise<RunState>;
  applyPost(post: WebhookPost): Promise<void>;
}

/** A message whose run is at work, or was just woken, is not looked at again for so long. */
const POSTPONE_MS = 60_000;
const RECEIPT_AGE_MS = 20_000;

/**
 * Starts the sweeper: the safety net under every step that a crash can cut off. One process at a time does it, under a
 * store lease; it asks only the store, and describes a run in Temporal only for rows that it found overdue.
 */
export function startSweeper(deps: SweeperDeps): Loop {
  const { store, settings, logger } = deps.app;
  const holder = randomUUID();
  const loop = startLoop('sweeper', settings.sweepIntervalMs, logger, async () => {
    const mine = await store.leases.take('sweeper', holder, settings.sweepIntervalMs * 4);
    if (mine) await sweep(deps);
  });
  return {
    stop: async () => {
      await loop.stop();
      await store.leases.give('sweeper', holder);
    },
  };
}

/** What is looked for, in this order; each resolves with how many it found. */
const STEPS: Record<string, (deps: SweeperDeps) => Promise<number>> = {
  webhook_post: applyLeftPosts,
  receipt: matchLeftReceipts,
  left_wake: wakeLeftHeads,
  overdue: reviveOverdue,
  untold: wakeUntold,
  connection: announceConnections,
  installation: tellInstallations,
};

/** One round. A step that fails (Temporal is down, say) takes none of the others with it. */
export async function sweep(deps: SweeperDeps): Promise<void> {
  for (const [kind, step] of Object.entries(STEPS)) {
    try {
      const found = await step(deps);
      if (found > 0) deps.app.metrics.sweeperRepairs.inc({ kind }, found);
    } catch (error) {
      deps.app.logger.warn({ err: error, kind }, 'A step of the sweeper failed; the next round repeats it');
    }
  }
}

async function applyLeftPosts({ app, applyPost }: SweeperDeps): Promise<number> {
  const posts = await app.store.posts.takeDue();
  for (const post of posts) {
    await applyPost(post).catch((error: unknown) => {
      app.logger.warn({ err: error, postId: post.id }, 'A gateway post could not be applied; it stays due');
    });
  }
  return posts.length;
}

async function matchLeftReceipts({ app }: SweeperDeps): Promise<number> {
  const receipts = await app.store.sweep.unmatchedReceipts(RECEIPT_AGE_MS);
  for (const { connectionId, gatewayId, ...scope } of receipts) {
    const { wakes } = await app.store.messages.applyReceipts(scope, connectionId, gatewayId);
    await app.starter.wake(wakes);
  }
  return receipts.length;
}

async function wakeLeftHeads({ app }: SweeperDeps): Promise<number> {
  const left = await app.store.sweep.leftWakes();
  await app.starter.wake(left);
  return left.length;
}

/** Wakes what sleeps too long or was never started; a run that is at work is left alone. */
async function reviveOverdue({ app, describeRun }: SweeperDeps): Promise<number> {
  const overdue = await app.store.sweep.overdue();
  for (const ref of overdue) {
    const state = await describeRun(ref.workflowId);
    await app.store.sweep.postpone(ref, ref.messageId, POSTPONE_MS);
    if (state !== 'busy') await app.starter.wake([ref]);
  }
  return overdue.length;
}

async function wakeUntold({ app }: SweeperDeps): Promise<number> {
  const untold = await app.store.sweep.untold();
  await app.starter.wake(untold.map((ref) => ({ ...ref, claimed: true })));
  return untold.length;
}

async function announceConnections({ app }: SweeperDeps): Promise<number> {
  const unannounced = await app.store.connections.unannounced();
  for (const { connectionId, ...scope } of unannounced) app.starter.connectionChanged(scope, connectionId);
  return unannounced.length;
}

async function tellInstallations({ app }: SweeperDeps): Promise<number> {
  const overdue = await app.store.installations.overdue();
  for (const resource of overdue) app.starter.installationChanged(resource);
  return overdue.length;
}
