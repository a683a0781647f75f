import { createHash } from 'node:crypto';
import { outboundWorkflowId } from '../../domain/ids';
import { picture } from '../stage/picture';
import { CUSTOMER, LOCATION } from '../stage/standIns';
import type { Step } from '../step';
import { filesOnPhone } from './lookups';

const TEXT = 'Three of our cakes';

/** An agent attaches three pictures; the gateway fetches each from the bridge, and the customer's phone gets them. */
export const attachments: Step = {
  name: 'attachments',
  title: 'An agent sends three pictures',
  run: async (context) => {
    const { ghl, until } = context;
    const pictures = [picture(214, 94, 60), picture(250, 219, 130), picture(106, 71, 52)];
    const urls = pictures.map((bytes, n) => `${ghl.url}${ghl.storeFile(`cake ${n + 1}.png`, bytes, 'image/png')}`);
    const message = { locationId: LOCATION.id, phone: `+${CUSTOMER}`, text: TEXT, attachments: urls };
    const sent = await ghl.agentSends(message);
    if (sent.status !== 200) throw new Error(`the Delivery URL answered ${sent.status || sent.error}`);
    const fetched = await until("three pictures on the customer's phone", () =>
      filesOnPhone(context, TEXT, pictures.length),
    );
    const originals = pictures.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
    if (fetched.join() !== originals.join())
      throw new Error('the pictures on the phone are not those that were attached');
    return {
      lines: [`"${TEXT}" under the first of three pictures: each arrived once, in order, byte for byte.`],
      workflowId: outboundWorkflowId(LOCATION.id, sent.messageId),
    };
  },
};
