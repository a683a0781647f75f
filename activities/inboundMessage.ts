import type { MessageArgs, StepResult } from '../src/domain/workflowTypes';
import { scopeOf, type ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';
import { postToGhl } from './postToGhl';
import { standingOf } from './standing';

const LOOK_MS = 1_000;

/** The activities of an inbound message. */
export function createInboundMessageActivities(deps: ActivityDeps) {
  return {
    /**
     * Posts the message to its conversation if it is its turn behind its sender's earlier ones. Returns that it waits,
     * or that it is there.
     */
    postInbound: (args: MessageArgs): Promise<StepResult> => withHeartbeat(() => postInbound(deps, args)),
  };
}

async function postInbound(deps: ActivityDeps, args: MessageArgs): Promise<StepResult> {
  const { store, starter } = deps.app;
  const scope = scopeOf(args);
  for (;;) {
    if (deps.draining.aborted) return wait(LOOK_MS, 'behind', null);
    const grantedBefore = performance.now();
    const claim = await store.messages.claimPart(scope, args.messageId);
    switch (claim.kind) {
      case 'granted': {
        const { wakes } = await store.messages.recordPosted(claim.claim, await postToGhl(deps, claim, grantedBefore));
        await starter.wake(wakes);
        break;
      }
      case 'done': {
        if (claim.wake !== null) await starter.wake([claim.wake]);
        return { kind: 'out', ...standingOf(await store.messages.lifecycle(scope, args.messageId)) };
      }
      case 'wait':
        if (claim.wake !== null) await starter.wake([claim.wake]);
        return wait(claim.ms, claim.reason, claim.text);
      case 'sit':
        return wait(claim.ms, claim.reason, null);
      case 'ready':
      case 'prepare':
      case 'route':
        return wait(LOOK_MS, 'behind', null);
    }
  }
}

function wait(ms: number, reason: string, text: string | null): StepResult {
  return { kind: 'wait', state: reason === 'in_flight' ? 'sending' : 'waiting', ms, reason, text };
}
