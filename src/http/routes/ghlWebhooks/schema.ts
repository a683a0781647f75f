import { z } from 'zod';
import type { AppEventPost } from '../../../commands/applyAppEvent';
import { maybeId, maybeText, neededText, OBJECT_MEND } from '../../fields';

/** GHL's app events as far as they are used; their published schemas require nothing but the type (GHL docs, webhooks). */
export const appEventSchema: z.ZodType<AppEventPost> = z.object(
  {
    type: neededText('INSTALL, UNINSTALL, ...', 200),
    appId: maybeId,
    locationId: maybeId,
    companyId: maybeId,
    planId: maybeId,
    newPlanId: maybeId,
    timestamp: maybeText,
    webhookId: maybeId,
    id: maybeId,
    messageId: maybeId,
    contactId: maybeId,
    conversationId: maybeId,
    conversationProviderId: maybeId,
    direction: maybeText,
    messageType: maybeText,
    status: maybeText,
    source: maybeText,
    // Of what is only read back nothing odd is worth a refusal: GHL would post it again.
    unreadCount: z.int().min(0).max(1_000_000).optional().catch(undefined),
    dateAdded: maybeText,
  },
  OBJECT_MEND,
);
