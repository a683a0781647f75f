import { outboundWorkflowId } from '../../domain/ids';
import { CUSTOMER, INSTANCE, LOCATION } from '../stage/standIns';
import type { Step } from '../step';
import { arrivedOnPhone, messageView, theConnection } from './lookups';

const TEXT = 'We have put a candle on it.';

/** The number is logged out while the agent writes: the message is held, and goes out by itself after the scan. */
export const numberLost: Step = {
  name: 'number lost',
  title: 'The number is lost, and comes back',
  run: async (context) => {
    const { ghl, waapify, until } = context;
    waapify.setState(INSTANCE.id, 'logged_out');
    const lost = await until('the bridge to notice the loss', async () => {
      const connection = await theConnection(context);
      return connection.state !== 'connected' && connection;
    });
    const { messageId } = await ghl.agentSends({ locationId: LOCATION.id, phone: `+${CUSTOMER}`, text: TEXT });
    const held = await until('the message to be held', async () => {
      const message = await messageView(context, messageId);
      return message.state === 'waiting' && message.reason === lost.state && message;
    });
    if (arrivedOnPhone(context, TEXT)) throw new Error('the message went out on a number that is logged out');
    waapify.scanQr(INSTANCE.id, INSTANCE.number);
    await until("the held message on the customer's phone", () => arrivedOnPhone(context, TEXT));
    return {
      lines: [
        `"${TEXT}": ${held.state}, because of ${held.reason}. ${firstSentence(held.next)}`,
        'Then its QR code was scanned again, and the message went out by itself, once.',
      ],
      workflowId: outboundWorkflowId(LOCATION.id, messageId),
    };
  },
};

/** The others tell when it is looked at again. */
function firstSentence(text: string): string {
  const [first = ''] = text.split(/(?<=\.) /);
  return first;
}
