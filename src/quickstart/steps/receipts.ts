import { outboundWorkflowId } from '../../domain/ids';
import { INSTANCE, LOCATION } from '../stage/standIns';
import type { Step } from '../step';
import { fromAgent, lastFromAgent } from './lookups';

const DELIVERED = 3;
const READ = 4;

/** The phone has got the messages, the customer opens them, and the agent sees both. */
export const receipts: Step = {
  name: 'receipts',
  title: 'The agent sees that it was delivered and read',
  run: async (context) => {
    const { waapify, until } = context;
    const { id } = lastFromAgent(context);
    const onPhone = waapify.sends(INSTANCE.id);
    const shows = (status: string): boolean => fromAgent(context).every((message) => message.status === status);
    for (const { gatewayId } of onPhone) await waapify.receipt(gatewayId, DELIVERED);
    await until('"delivered" in GHL', () => shows('delivered'));
    for (const { gatewayId } of onPhone) await waapify.receipt(gatewayId, READ);
    await until('"read" in GHL', () => shows('read'));
    const history = lastFromAgent(context).statusHistory.map(({ status }) => status);
    // Whatever is tried by hand afterwards is confirmed by itself.
    waapify.setAuto(INSTANCE.id, { delivered: true, read: true, delaysMs: { delivered: 500, read: 2_000 } });
    return {
      lines: [`GHL showed for each message: ${history.join(', ')}.`],
      workflowId: outboundWorkflowId(LOCATION.id, id),
    };
  },
};
