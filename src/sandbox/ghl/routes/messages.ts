import { z } from 'zod';
import { empty, type Reply } from '../../kit/answer';
import { announceMessage } from '../agent/messageEvents';
import { messageView, setStatus, storeMessage } from '../records/conversations';
import { NO_PROVIDER, ok, refuse } from '../replies';
import type { GhlContact } from '../records/types';
import { checkJson, type Checked } from '../validation';
import type { Call, GhlRoute } from './route';

const optional = () => z.string().optional();

/** GHL docs, Add an inbound message. */
const inboundSchema = z.strictObject({
  type: z.enum([
    'SMS',
    'RCS',
    'Email',
    'WhatsApp',
    'GMB',
    'IG',
    'FB',
    'Custom',
    'WebChat',
    'Live_Chat',
    'Call',
    'IVR_Call',
    'Campaign_Call',
    'Campaign_VoiceMail',
    'TIKTOK',
    'ALL_IN_ONE_CHAT',
    'FORM_SUBMISSION',
  ]),
  contactId: optional(),
  conversationId: optional(),
  conversationProviderId: optional(),
  message: optional(),
  attachments: z.array(z.string()).optional(),
  direction: z.enum(['inbound', 'outbound']).default('outbound'),
  date: z.iso.datetime({ offset: true }).optional(),
  altId: optional(),
  html: optional(),
  subject: optional(),
  emailFrom: optional(),
  emailTo: optional(),
  emailCc: z.array(z.string()).optional(),
  emailBcc: z.array(z.string()).optional(),
  emailMessageId: optional(),
  call: z
    .strictObject({
      to: optional(),
      from: optional(),
      status: z
        .enum(['pending', 'completed', 'answered', 'busy', 'no-answer', 'failed', 'canceled', 'voicemail'])
        .optional(),
    })
    .optional(),
});

/** GHL docs, Update message status: there is no `sent`. */
const statusSchema = z.strictObject({
  status: z.enum(['delivered', 'failed', 'pending', 'read']),
  error: z.strictObject({ code: z.string(), type: z.string(), message: z.string() }).optional(),
  emailMessageId: optional(),
  recipients: z.array(z.unknown()).optional(),
});

type Inbound = z.output<typeof inboundSchema>;

/** Returns the contact that a message belongs to, named by its own id or by its conversation's. */
function contactOf({ state, locationId }: Call, body: Inbound): Checked<GhlContact> {
  const refused = (status: number, message?: string) => ({ ok: false as const, reply: refuse(status, message) });
  const conversation = state.conversations.get(body.conversationId ?? '');
  if (body.conversationId !== undefined && conversation === undefined) return refused(400, 'Conversation not found');
  const contactId = body.contactId ?? conversation?.contactId;
  if (contactId === undefined) return refused(400, 'contactId or conversationId is required');
  const value = state.contacts.get(contactId);
  if (value === undefined) return refused(400, 'Contact not found');
  if (value.locationId !== locationId) return refused(403);
  if ((conversation?.contactId ?? contactId) !== contactId)
    return refused(400, 'The conversation is of another contact');
  return { ok: true, value };
}

function inbound(call: Call): Reply {
  const { state, request, locationId } = call;
  const checked = checkJson(inboundSchema, request);
  if (!checked.ok) return checked.reply;
  const body = checked.value;
  const contact = contactOf(call, body);
  if (!contact.ok) return contact.reply;
  const providerId = body.conversationProviderId;
  // Nothing is stored, and nothing says so (GHL API issue 70).
  if (body.type === 'Custom' && providerId === undefined) return { ...empty(201), note: 'nothing stored' };
  if (providerId !== undefined && !state.providers.has(providerId))
    return refuse(400, 'Invalid conversationProviderId');
  const message = storeMessage(state, {
    locationId,
    contactId: contact.value.id,
    direction: body.direction,
    type: body.type,
    body: body.message ?? body.html ?? '',
    status: body.direction === 'inbound' ? 'delivered' : 'sent',
    source: 'api',
    attachments: body.attachments ?? [],
    altId: body.altId,
    conversationProviderId: providerId,
    dateAdded: body.date,
  });
  announceMessage(state, message);
  const { id: messageId, conversationId, contactId, dateAdded } = message;
  const words = body.direction === 'inbound' ? 'Inbound message added' : 'Outbound message added';
  return ok({ success: true, conversationId, messageId, message: words, contactId, dateAdded }, 200, messageId);
}

/**
 * Takes statuses in any order, like GHL. Before GHL has written the message, for one that it does not know and for one
 * without a provider the answer is the same 403 (GHL API issue 4).
 */
function status({ state, request, params, locationId }: Call): Reply {
  const body = checkJson(statusSchema, request);
  if (!body.ok) return body.reply;
  const message = state.messages.get(params.messageId ?? '');
  if (message !== undefined && message.locationId !== locationId) return refuse(403);
  const written = message !== undefined && state.now() - message.createdAt >= state.settings.statusWindowMs;
  if (!written || message.conversationProviderId === undefined) return refuse(403, NO_PROVIDER);
  setStatus(state, message, body.value.status, body.value.error);
  const { id: messageId, conversationId } = message;
  return ok({ conversationId, messageId, status: message.status }, 200, `${messageId} ${message.status}`);
}

/** The real answer wraps the message (GHL API issue 214). */
function get({ state, params, locationId }: Call): Reply {
  const message = state.messages.get(params.messageId ?? '');
  if (message === undefined) return refuse(400, 'Message not found');
  return message.locationId === locationId ? ok({ message: messageView(message) }) : refuse(403);
}

const READ = { audience: 'location', scope: 'conversations/message.readonly' } as const;
const WRITE = { audience: 'location', scope: 'conversations/message.write' } as const;

export const MESSAGE_ROUTES: readonly GhlRoute[] = [
  { method: 'POST', path: '/conversations/messages/inbound', operation: 'inbound', access: WRITE, handle: inbound },
  {
    method: 'PUT',
    path: '/conversations/messages/:messageId/status',
    operation: 'status',
    access: WRITE,
    handle: status,
  },
  { method: 'GET', path: '/conversations/messages/:messageId', operation: 'getMessage', access: READ, handle: get },
];
