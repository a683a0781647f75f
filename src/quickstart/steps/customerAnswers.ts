import { createHash } from 'node:crypto';
import { inboundWorkflowId } from '../../domain/ids';
import { picture } from '../stage/picture';
import { CUSTOMER, INSTANCE, LOCATION } from '../stage/standIns';
import type { Step } from '../step';
import { lastFromAgent, theConnection } from './lookups';

const TEXT = 'Lovely, may it have this colour?';

/** The customer answers with a picture, which lies encrypted at WhatsApp, and both stand in the same conversation. */
export const customerAnswers: Step = {
  name: 'reply',
  title: 'The customer answers on WhatsApp, with a picture',
  run: async (context) => {
    const { ghl, waapify, until } = context;
    const { conversationId } = lastFromAgent(context);
    const bytes = picture(168, 208, 141);
    const content = waapify.hostFile({ kind: 'image', bytes, mimetype: 'image/png', caption: TEXT });
    const { gatewayId } = await waapify.customerWrites({ instanceId: INSTANCE.id, from: CUSTOMER, text: '', content });
    const answer = await until('the answer in GHL', () =>
      ghl.messages(LOCATION.id).find(({ direction, body }) => direction === 'inbound' && body === TEXT),
    );
    if (answer.conversationId !== conversationId) throw new Error('the answer stands in another conversation');
    const shown = await fetch(answer.attachments[0] ?? 'about:nothing');
    if (sha256(Buffer.from(await shown.arrayBuffer())) !== sha256(bytes))
      throw new Error('the picture in GHL is not the one that the customer sent');
    const { id } = await theConnection(context);
    return {
      lines: [`"${TEXT}" and its picture stand in the agent's conversation, byte for byte.`],
      workflowId: inboundWorkflowId(id, gatewayId),
    };
  },
};

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
