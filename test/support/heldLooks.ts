import { eventually } from './adminClient';
import type { TestBridge } from './bridgeInProcess';
import { LOCATION } from './world';

/** What the operator's listener answers of a number (contract, section 3). */
export interface ConnectionAnswer {
  id: string;
  state: string;
  since: string;
  reason?: string;
  code?: string;
  next?: string;
  waiting: number;
}

/** Resolves with a connection once it is in this state. */
export async function connectionIs(bridge: TestBridge, id: string, state: string): Promise<ConnectionAnswer> {
  return await eventually(async () => {
    const { body } = await bridge.admin.call('GET', '/admin/v1/connections');
    const { connections } = body as { connections: ConnectionAnswer[] };
    const connection = connections.find((one) => one.id === id)!;
    expect(connection.state).toBe(state);
    return connection;
  });
}

/** Returns what the Web UI shows at the top of a workflow's page. */
export async function detailsOf(bridge: TestBridge, workflowId: string): Promise<string> {
  const handle = bridge.temporal.client.workflow.getHandle(workflowId);
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return currentDetails;
}

/** Resolves once a message waits for this reason. */
export async function isHeld(bridge: TestBridge, messageId: string, reason: string): Promise<void> {
  await eventually(async () => {
    expect(await bridge.admin.message(LOCATION, messageId)).toMatchObject({ state: 'waiting', reason });
  });
}
