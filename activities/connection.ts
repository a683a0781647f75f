import { holdWords } from '../src/domain/connectionState';
import type { ConnectionArgs, ConnectionView } from '../src/domain/workflowTypes';
import { scopeOf, type ActivityDeps } from './deps';

/** The activities of a connection's workflow. */
export function createConnectionActivities({ app }: ActivityDeps) {
  return {
    /** Returns what there is to show of a connection, or null when it is gone. */
    async readConnection(args: ConnectionArgs): Promise<ConnectionView | null> {
      const row = await app.store.connections.get(scopeOf(args), args.connectionId);
      if (row === null) return null;
      const words = row.state === 'connected' ? null : holdWords(row.state, row.trial_at);
      const waiting = await app.store.connections.waiting(scopeOf(args), args.connectionId);
      return { state: row.state, since: row.state_since, why: words?.why ?? null, next: words?.next ?? null, waiting };
    },
  };
}
