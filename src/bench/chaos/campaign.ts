import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxGhl } from '../../sandbox/ghl';
import type { BenchNumber } from '../stage/numbers';
import type { Acknowledged } from './verdict';

/** A post without a 200 is posted again this much later: here GHL never gives up, so every message is acknowledged. */
const AGAIN_MS = 150;
/** How often a poster looks whether it may go on. */
const LOOK_MS = 20;

export interface CampaignPlan {
  numbers: readonly BenchNumber[];
  /** Of each number. */
  contacts: number;
  /** To each contact. */
  messages: number;
  /** Between the acknowledgement of one message and the post of the contact's next, milliseconds. */
  pauseMs: number;
}

/** A campaign that is being posted. */
export interface Campaign {
  /** In the order of their acknowledgement. */
  acknowledged: Acknowledged[];
  /** Lets each contact's messages up to this one be posted; none is before that. */
  allow(upTo: number): void;
  /** Resolves when all are acknowledged. */
  ended: Promise<void>;
}

/**
 * Posts a campaign as GHL does: of one contact one after the other, of all contacts at the same time. What gets no
 * answer is posted again, the same message with the same id.
 */
export function startCampaign(ghl: SandboxGhl, plan: CampaignPlan): Campaign {
  const acknowledged: Acknowledged[] = [];
  let allowed = 0;
  const toContact = async ({ locationId, phoneOf }: BenchNumber, contact: number): Promise<void> => {
    const phone = phoneOf(contact);
    for (let n = 1; n <= plan.messages; n++) {
      while (n > allowed) await sleep(LOOK_MS);
      const text = `${locationId}, contact ${contact}, message ${n}`;
      const { messageId, status } = await ghl.agentSends({ locationId, phone, text });
      for (let last = status; last !== 200; last = (await ghl.redeliver(messageId)).status) await sleep(AGAIN_MS);
      acknowledged.push({ messageId, number: phone.slice(1), text });
      await sleep(plan.pauseMs);
    }
  };
  const posters = plan.numbers.flatMap((number) =>
    Array.from({ length: plan.contacts }, (_, contact) => toContact(number, contact)),
  );
  return {
    acknowledged,
    allow: (upTo) => {
      allowed = upTo;
    },
    ended: Promise.all(posters).then(() => undefined),
  };
}
