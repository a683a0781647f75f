import { outboundWorkflowId } from '../../domain/ids';
import { CUSTOMER, LOCATION } from '../stage/standIns';
import type { Step } from '../step';
import { arrivedOnPhone } from './lookups';

const TEXT = 'Your cake is ready, come and get it!';

/** An agent types in GHL, and the customer's phone gets it. */
export const agentWrites: Step = {
  name: 'text',
  title: 'An agent writes in GHL',
  run: async (context) => {
    const { ghl, until } = context;
    const sent = await ghl.agentSends({ locationId: LOCATION.id, phone: `+${CUSTOMER}`, text: TEXT });
    if (sent.status !== 200) throw new Error(`the Delivery URL answered ${sent.status || sent.error}`);
    await until("the text on the customer's phone", () => arrivedOnPhone(context, TEXT));
    return {
      lines: [`"${TEXT}": accepted with 200, and on the customer's phone once.`],
      workflowId: outboundWorkflowId(LOCATION.id, sent.messageId),
    };
  },
};
