import { connectionView } from '../src/commands/connectionView';
import { fetchQr } from '../src/commands/fetchQr';
import { reconnectNumber } from '../src/commands/reconnectNumber';
import type { ConnectionArgs, ConnectionView, QrAnswer, ReconnectAnswer } from '../src/domain/workflowTypes';
import type { ActivityDeps } from './deps';

/** What a connection's workflow asks of the store. */
export function createConnectionActivities({ app }: ActivityDeps) {
  return {
    /** Returns what there is to show of a connection, or null when it is gone. */
    readConnection: (args: ConnectionArgs): Promise<ConnectionView | null> => connectionView(app, args),
  };
}

/** What a connection's workflow asks of the gateway, for a person who waits. All of it may be repeated. */
export function createNumberActivities({ app }: ActivityDeps) {
  return {
    /** Has the number's QR code put into the store: the code itself is in no result. Null: the connection is gone. */
    fetchQr: (args: ConnectionArgs): Promise<QrAnswer | null> => fetchQr(app, args),

    /** Asks the gateway how the number is, and records it; null: the connection is gone. */
    reconnectNumber: (args: ConnectionArgs): Promise<ReconnectAnswer | null> => reconnectNumber(app, args),
  };
}
