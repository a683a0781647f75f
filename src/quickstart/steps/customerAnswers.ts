import { inboundWorkflowId } from '../../domain/ids';
import { CUSTOMER, INSTANCE, LOCATION } from '../stage/standIns';
import type { Step } from '../step';
import { lastFromAgent, theConnection } from './lookups';

const TEXT = 'Lovely, I am on my way.';

/** The customer answers, and it stands in the same conversation. */
export const customerAnswers: Step = {
  name: 'reply',
  title: 'The customer answers on WhatsApp',
  run: async (context) => {
    const { ghl, waapify, until } = context;
    const { conversationId } = lastFromAgent(context);
    const { gatewayId } = await waapify.customerWrites({ instanceId: INSTANCE.id, from: CUSTOMER, text: TEXT });
    const answer = await until('the answer in GHL', () =>
      ghl.messages(LOCATION.id).find(({ direction, body }) => direction === 'inbound' && body === TEXT),
    );
    if (answer.conversationId !== conversationId) throw new Error('the answer stands in another conversation');
    const { id } = await theConnection(context);
    return { lines: [`"${TEXT}" stands in the agent's conversation.`], workflowId: inboundWorkflowId(id, gatewayId) };
  },
};
