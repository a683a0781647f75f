import type { NumberConnected } from '../../commands/connectNumber';
import { connectionWorkflowId } from '../../domain/ids';
import { INSTANCE, LOCATION } from '../stage/standIns';
import type { Step } from '../step';
import { theConnection } from './lookups';

/** The operator connects a WhatsApp number, as `npm run ops -- connect` does. */
export const connectNumber: Step = {
  name: 'connect',
  title: 'The operator connects a WhatsApp number',
  run: async (context) => {
    const { admin, waapify, until } = context;
    const body = { locationId: LOCATION.id, instanceId: INSTANCE.id, token: waapify.token };
    const { connectionId, next } = await admin.post<NumberConnected>('/admin/v1/connections', body);
    await until('the number to be connected', async () => (await theConnection(context)).state === 'connected');
    return { lines: [`Instance ${INSTANCE.id}: ${next}`], workflowId: connectionWorkflowId(connectionId) };
  },
};
