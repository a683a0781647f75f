import type { Step } from '../step';
import { agentWrites } from './agentWrites';
import { attachments } from './attachments';
import { connectNumber } from './connectNumber';
import { customerAnswers } from './customerAnswers';
import { installApp } from './installApp';
import { numberLost } from './numberLost';
import { receipts } from './receipts';

/** The conversation, in its order; each step builds on those before it. */
export const STEPS: readonly Step[] = [
  installApp,
  connectNumber,
  agentWrites,
  attachments,
  receipts,
  customerAnswers,
  numberLost,
];
