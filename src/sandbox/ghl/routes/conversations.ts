import { z } from 'zod';
import type { Reply } from '../../kit/answer';
import {
  conversationOf,
  deleteConversation,
  findConversation,
  messagesOf,
  messageView,
  typeName,
} from '../records/conversations';
import { ok, refuse } from '../replies';
import type { GhlState } from '../records/state';
import type { GhlConversation } from '../records/types';
import { checkJson, type Checked } from '../validation';
import type { Call, GhlRoute } from './route';

const createSchema = z.strictObject({ locationId: z.string(), contactId: z.string() });

function create(call: Call): Reply {
  const { state, request } = call;
  const body = checkJson(createSchema, request);
  if (!body.ok) return body.reply;
  const { locationId, contactId } = body.value;
  if (locationId !== call.locationId) return refuse(403);
  if (state.contacts.get(contactId)?.locationId !== locationId) return refuse(400, 'Contact not found');
  if (findConversation(state, contactId) !== undefined) {
    // GHL does not name the conversation here (GHL API issue 5).
    return refuse(400, `Conversation with the contact id:${contactId} already exists!`);
  }
  const { id, dateAdded } = conversationOf(state, locationId, contactId);
  const dates = { dateAdded, dateUpdated: dateAdded, lastMessageDate: dateAdded };
  return ok({ success: true, conversation: { id, ...dates, deleted: false, contactId, locationId } }, 201);
}

function listItem(state: GhlState, conversation: GhlConversation): object {
  const { id, contactId, locationId, dateAdded } = conversation;
  const contact = state.contacts.get(contactId);
  const last = messagesOf(state, id)[0];
  return {
    id,
    contactId,
    locationId,
    lastMessageBody: last?.body ?? '',
    lastMessageType: last === undefined ? 'TYPE_SMS' : typeName(last),
    lastMessageDate: last?.dateAdded ?? dateAdded,
    type: 'TYPE_PHONE',
    unreadCount: conversation.unreadCount,
    fullName: contact?.fields.name ?? '',
    contactName: contact?.fields.name ?? '',
    email: contact?.email ?? '',
    phone: contact?.phone ?? '',
  };
}

/** With `sort=desc` those with the latest message first, behind the one whose time `startAfterDate` names. */
function inOrder(state: GhlState, all: GhlConversation[], query: URLSearchParams): GhlConversation[] {
  if (query.get('sort') !== 'desc') return all;
  const before = Number(query.get('startAfterDate') ?? Infinity);
  const times = new Map(all.map((one) => [one, lastMessageAt(state, one)]));
  const at = (one: GhlConversation): number => times.get(one) ?? 0;
  return all.filter((one) => at(one) < before).sort((one, other) => at(other) - at(one));
}

function lastMessageAt(state: GhlState, { id, createdAt }: GhlConversation): number {
  const [last] = messagesOf(state, id);
  return last === undefined ? createdAt : Date.parse(last.dateAdded);
}

function search({ state, request, locationId }: Call): Reply {
  const { query } = request;
  if (query.get('locationId') !== locationId) return refuse(403);
  const contactId = query.get('contactId');
  const id = query.get('id');
  const visible = [...state.conversations.values()].filter(
    (one) =>
      one.locationId === locationId &&
      (contactId === null || one.contactId === contactId) &&
      (id === null || one.id === id) &&
      state.now() - one.createdAt >= state.settings.searchLagMs,
  );
  const page = inOrder(state, visible, query).slice(0, Number(query.get('limit') ?? 20));
  return ok({ conversations: page.map((one) => listItem(state, one)), total: visible.length });
}

/** GHL docs, update conversation. */
const updateSchema = z.strictObject({
  locationId: z.string(),
  unreadCount: z.number().optional(),
  starred: z.boolean().optional(),
  feedback: z.unknown().optional(),
});

function ownConversation({ state, params, locationId }: Call): Checked<GhlConversation> {
  const value = state.conversations.get(params.conversationId ?? '');
  if (value === undefined) return { ok: false, reply: refuse(400, 'Conversation not found') };
  return value.locationId === locationId ? { ok: true, value } : { ok: false, reply: refuse(403) };
}

function update(call: Call): Reply {
  const conversation = ownConversation(call);
  if (!conversation.ok) return conversation.reply;
  const body = checkJson(updateSchema, call.request);
  if (!body.ok) return body.reply;
  if (body.value.locationId !== call.locationId) return refuse(403);
  conversation.value.unreadCount = body.value.unreadCount ?? conversation.value.unreadCount;
  call.state.watch.changed();
  return ok({ success: true, conversation: listItem(call.state, conversation.value) });
}

function remove(call: Call): Reply {
  const conversation = ownConversation(call);
  if (!conversation.ok) return conversation.reply;
  deleteConversation(call.state, conversation.value);
  return ok({ success: true });
}

/** The real answer wraps the list once more than the specification says (GHL API issue 54). */
function messages({ state, request, params, locationId }: Call): Reply {
  const conversation = state.conversations.get(params.conversationId ?? '');
  if (conversation === undefined) return refuse(400, 'Conversation not found');
  if (conversation.locationId !== locationId) return refuse(403);
  const all = messagesOf(state, conversation.id);
  const after = request.query.get('lastMessageId');
  const rest = after === null ? all : all.slice(all.findIndex(({ id }) => id === after) + 1);
  const page = rest.slice(0, Number(request.query.get('limit') ?? 20));
  const { listsAltId } = state.settings;
  const list = page.map((one) => ({ ...messageView(one), ...(listsAltId && { altId: one.altId }) }));
  return ok({
    messages: { lastMessageId: page.at(-1)?.id ?? '', nextPage: rest.length > page.length, messages: list },
  });
}

export const CONVERSATION_ROUTES: readonly GhlRoute[] = [
  {
    method: 'GET',
    path: '/conversations/search',
    operation: 'searchConversations',
    access: { audience: 'location', scope: 'conversations.readonly' },
    handle: search,
  },
  {
    method: 'POST',
    path: '/conversations',
    operation: 'createConversation',
    access: { audience: 'location', scope: 'conversations.write' },
    handle: create,
  },
  {
    method: 'PUT',
    path: '/conversations/:conversationId',
    operation: 'updateConversation',
    access: { audience: 'location', scope: 'conversations.write' },
    handle: update,
  },
  {
    method: 'DELETE',
    path: '/conversations/:conversationId',
    operation: 'deleteConversation',
    access: { audience: 'location', scope: 'conversations.write' },
    handle: remove,
  },
  {
    method: 'GET',
    path: '/conversations/:conversationId/messages',
    operation: 'conversationMessages',
    access: { audience: 'location', scope: 'conversations/message.readonly' },
    handle: messages,
  },
];
