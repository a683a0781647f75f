import type { Standing } from '../src/domain/workflowTypes';
import type { Lifecycle } from '../src/store/messages/tell';

/** Returns what a run needs of a message's lifecycle: words and ids only. */
export function standingOf(life: Lifecycle): Standing {
  return {
    state: life.state,
    reason: life.reason,
    connectionId: life.connectionId,
    untold: life.tell !== null,
    receiptsForMs: life.receiptsForMs,
  };
}
