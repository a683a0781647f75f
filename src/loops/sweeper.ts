import { randomUUID } from 'node:crypto';
import type { App } from '../app';
import type { WakeRef } from '../store/context';
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

/** One round; each step stands for itself. */
export async function sweep(deps: SweeperDeps): Promise<void> {
  const { store, starter, metrics } = deps.app;
  const repair = (kind: string, n: number): void => {
    if (n > 0) metrics.sweeperRepairs.inc({ kind }, n);
  };
  const left = await store.sweep.leftWakes();
  await starter.wake(left);
  repair('left_wake', left.length);
  const overdue = await store.sweep.overdue();
  for (const ref of overdue) await reviveOverdue(deps, ref);
  repair('overdue', overdue.length);
  const untold = await store.sweep.untold();
  await starter.wake(untold.map((ref) => ({ ...ref, claimed: true })));
  repair('untold', untold.length);
  const receipts = await store.sweep.unmatchedReceipts(RECEIPT_AGE_MS);
  for (const { connectionId, gatewayId, ...scope } of receipts) {
    const { wakes } = await store.messages.applyReceipts(scope, connectionId, gatewayId);
    await starter.wake(wakes);
  }
  repair('receipt', receipts.length);
  const posts = await store.posts.takeDue();
  for (const post of posts) await deps.applyPost(post);
  repair('webhook_post', posts.length);
  const unannounced = await store.connections.unannounced();
  for (const { connectionId, ...scope } of unannounced) starter.connectionChanged(scope, connectionId);
  repair('connection', unannounced.length);
}

/** Wakes what sleeps too long or was never started; a run that is at work is left alone. */
async function reviveOverdue({ app, describeRun }: SweeperDeps, ref: WakeRef): Promise<void> {
  const state = await describeRun(ref.workflowId);
  await app.store.sweep.postpone(ref, ref.messageId, POSTPONE_MS);
  if (state !== 'busy') await app.starter.wake([ref]);
}
