import { outboundWorkflowId } from '../../domain/ids';
import { INSTANCE, LOCATION } from '../stage/standIns';
import type { Step } from '../step';
import { arrivedOnPhone, lastFromAgent } from './lookups';

const DELIVERED = 3;
const READ = 4;

/** The phone gets the message, the customer opens it, and the agent sees both. */
export const receipts: Step = {
  name: 'receipts',
  title: 'The agent sees that it was delivered and read',
  run: async (context) => {
    const { waapify, until } = context;
    const { id, body } = lastFromAgent(context);
    const { gatewayId } = await until('the message on the phone', () => arrivedOnPhone(context, body));
    const shows = (status: string): boolean => lastFromAgent(context).status === status;
    await waapify.receipt(gatewayId, DELIVERED);
    await until('"delivered" in GHL', () => shows('delivered'));
    await waapify.receipt(gatewayId, READ);
    await until('"read" in GHL', () => shows('read'));
    const history = lastFromAgent(context).statusHistory.map(({ status }) => status);
    // Whatever is tried by hand afterwards is confirmed by itself.
    waapify.setAuto(INSTANCE.id, { delivered: true, read: true, delaysMs: { delivered: 500, read: 2_000 } });
    return {
      lines: [`GHL showed: ${history.join(', ')}.`],
      workflowId: outboundWorkflowId(LOCATION.id, id),
    };
  },
};
