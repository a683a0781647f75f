import { Readable } from 'node:stream';
import type { GhlClient } from '../../src/ghl/client';
import { accessOf } from '../support/ghlAccess';

/** One way of calling the client and the answers it meets, in order of its requests; each keeps GHL's own schema. */
export interface Call {
  name: string;
  method: Exclude<keyof GhlClient, 'close'>;
  call: (client: GhlClient) => Promise<unknown>;
  answers: { status: number; json: unknown }[];
}

const grant = {
  access_token: 'a',
  token_type: 'Bearer',
  expires_in: 86399,
  refresh_token: 'r',
  scope: 's',
  userType: 'Location',
  locationId: 'loc1',
  userId: 'u1',
};
const posted = { success: true, conversationId: 'cnv1', messageId: 'm1', message: 'ok' };
const listed = {
  id: 'm1',
  type: 20,
  messageType: 'TYPE_CUSTOM_SMS',
  locationId: 'loc1',
  contactId: 'c1',
  conversationId: 'cnv1',
  dateAdded: '2026-01-01T00:00:00.000Z',
  body: 'hello',
  direction: 'inbound',
  contentType: 'text/plain',
  altId: '3EB0',
};
const conversation = {
  id: 'cnv1',
  contactId: 'c1',
  locationId: 'loc1',
  lastMessageBody: '',
  lastMessageType: 'TYPE_SMS',
  type: 'TYPE_PHONE',
  unreadCount: 0,
  fullName: '',
  contactName: '',
  email: '',
  phone: '',
};
const updated = {
  id: 'cnv1',
  contactId: 'c1',
  locationId: 'loc1',
  deleted: false,
  inbox: true,
  type: 1,
  unreadCount: 0,
};
const duplicate = { statusCode: 400, message: 'no duplicates', meta: { contactId: 'c1', matchingField: 'phone' } };
const sinceMs = Date.parse('2025-12-31T23:59:00Z');
const query = { locationId: 'loc1', contactId: 'c1', altId: '3EB0', direction: 'inbound', sinceMs } as const;
const message = { contactId: 'c1', altId: '3EB0', date: '2026-01-01T00:00:00.000Z' };

/** Every request that the client can make, with every optional field once given and once left out. */
export const CALLS: Call[] = [
  {
    name: 'exchangeCode',
    method: 'exchangeCode',
    call: (c) => c.exchangeCode({ code: 'code+/=', redirectUri: 'https://bridge.example/cb', userType: 'Location' }),
    answers: [{ status: 200, json: grant }],
  },
  {
    name: 'refresh',
    method: 'refresh',
    call: (c) => c.refresh({ refreshToken: 'r', userType: 'Company' }),
    answers: [{ status: 200, json: grant }],
  },
  {
    name: 'locationToken',
    method: 'locationToken',
    call: (c) => c.locationToken('t', { companyId: 'comp1', locationId: 'loc1' }),
    answers: [{ status: 200, json: grant }],
  },
  {
    name: 'installedLocations',
    method: 'installedLocations',
    call: (c) => c.installedLocations(accessOf('t'), { companyId: 'comp1', skip: 100 }),
    answers: [
      {
        status: 200,
        json: {
          locations: [
            { _id: 'loc1', name: 'n', address: 'a', isInstalled: true, installedAt: '2026-01-01T00:00:00.000Z' },
          ],
          count: 101,
          installToFutureLocations: true,
        },
      },
    ],
  },
  {
    name: 'updateMessageStatus: delivered',
    method: 'updateMessageStatus',
    call: (c) => c.updateMessageStatus(accessOf('t'), 'm1', { status: 'delivered' }),
    answers: [{ status: 200, json: { conversationId: 'cnv1', messageId: 'm1' } }],
  },
  {
    name: 'updateMessageStatus: failed, with the reason',
    method: 'updateMessageStatus',
    call: (c) =>
      c.updateMessageStatus(accessOf('t'), 'm1', {
        status: 'failed',
        error: { code: '1', type: 'bridge', message: 'why' },
      }),
    answers: [{ status: 200, json: { conversationId: 'cnv1', messageId: 'm1' } }],
  },
  {
    name: 'addInboundMessage: least',
    method: 'addInboundMessage',
    call: (c) =>
      c.addInboundMessage(accessOf('t'), { type: 'SMS', direction: 'inbound', message: 'hello', ...message }),
    answers: [{ status: 200, json: posted }],
  },
  {
    name: 'addInboundMessage: all',
    method: 'addInboundMessage',
    call: (c) =>
      c.addInboundMessage(accessOf('t'), {
        type: 'Custom',
        direction: 'outbound',
        conversationId: 'cnv1',
        conversationProviderId: 'prov1',
        message: 'hello',
        attachments: ['https://bridge.example/media/x/photo.jpg'],
        ...message,
      }),
    answers: [{ status: 200, json: posted }],
  },
  {
    name: 'findMessageByAltId: with the search, two pages',
    method: 'findMessageByAltId',
    call: (c) => c.findMessageByAltId(accessOf('t'), query),
    answers: [
      { status: 200, json: { conversations: [conversation], total: 1 } },
      {
        status: 200,
        json: { messages: { lastMessageId: 'm9', nextPage: true, messages: [{ ...listed, altId: 'x' }] } },
      },
      { status: 200, json: { lastMessageId: 'm1', nextPage: false, messages: [listed] } },
    ],
  },
  {
    name: 'upsertContact: new',
    method: 'upsertContact',
    call: (c) => c.upsertContact(accessOf('t'), { locationId: 'loc1', phone: '+60123456789', name: 'Ann' }),
    answers: [
      { status: 200, json: { contact: null } },
      { status: 201, json: { contact: { id: 'c1' } } },
    ],
  },
  {
    name: 'upsertContact: duplicate, no name',
    method: 'upsertContact',
    call: (c) => c.upsertContact(accessOf('t'), { locationId: 'loc1', phone: '+60123456789' }),
    answers: [
      { status: 200, json: {} },
      { status: 400, json: duplicate },
    ],
  },
  {
    name: 'findContact',
    method: 'findContact',
    call: (c) => c.findContact(accessOf('t'), { locationId: 'loc1', phone: '+60123456789' }),
    answers: [{ status: 200, json: { contact: { id: 'c1' } } }],
  },
  {
    name: 'createContact: without a phone',
    method: 'createContact',
    call: (c) => c.createContact(accessOf('t'), { locationId: 'loc1', name: 'WhatsApp group' }),
    answers: [{ status: 201, json: { contact: { id: 'c1' } } }],
  },
  {
    name: 'setContactPhone',
    method: 'setContactPhone',
    call: (c) => c.setContactPhone(accessOf('t'), 'c1', '+60123456789'),
    answers: [{ status: 200, json: { succeded: true, contact: { id: 'c1' } } }],
  },
  {
    name: 'findConversation',
    method: 'findConversation',
    call: (c) => c.findConversation(accessOf('t'), { locationId: 'loc1', contactId: 'c1' }),
    answers: [{ status: 200, json: { conversations: [conversation], total: 1 } }],
  },
  {
    name: 'listConversation',
    method: 'listConversation',
    call: (c) => c.listConversation(accessOf('t'), 'cnv1'),
    answers: [{ status: 200, json: { messages: { lastMessageId: 'm1', nextPage: false, messages: [listed] } } }],
  },
  {
    name: 'markRead',
    method: 'markRead',
    call: (c) => c.markRead(accessOf('t'), { locationId: 'loc1', conversationId: 'cnv1' }),
    answers: [{ status: 200, json: { success: true, conversation: updated } }],
  },
  {
    name: 'deleteConversation',
    method: 'deleteConversation',
    call: (c) => c.deleteConversation(accessOf('t'), 'cnv1'),
    answers: [{ status: 200, json: { success: true } }],
  },
  {
    name: 'getContact',
    method: 'getContact',
    call: (c) => c.getContact(accessOf('t'), 'c1'),
    answers: [{ status: 200, json: { contact: { id: 'c1', dndSettings: { SMS: { status: 'active' } } } } }],
  },
  {
    name: 'setDnd',
    method: 'setDnd',
    call: (c) => c.setDnd(accessOf('t'), 'c1', { active: true, message: 'Opted out.', code: 'STOP' }),
    answers: [{ status: 200, json: { succeded: true, contact: { id: 'c1' } } }],
  },
  {
    name: 'recentConversations: first page',
    method: 'recentConversations',
    call: (c) => c.recentConversations(accessOf('t'), { locationId: 'loc1' }),
    answers: [{ status: 200, json: { conversations: [conversation], total: 1 } }],
  },
  {
    name: 'recentConversations: a later page',
    method: 'recentConversations',
    call: (c) => c.recentConversations(accessOf('t'), { locationId: 'loc1', before: sinceMs }),
    answers: [{ status: 200, json: { conversations: [conversation], total: 1 } }],
  },
  {
    name: 'recentMessages',
    method: 'recentMessages',
    call: (c) => c.recentMessages(accessOf('t'), 'cnv1', sinceMs),
    answers: [{ status: 200, json: { lastMessageId: 'm1', nextPage: false, messages: [listed] } }],
  },
  {
    name: 'createNote',
    method: 'createNote',
    call: (c) => c.createNote(accessOf('t'), 'c1', 'It waits.'),
    answers: [{ status: 201, json: { note: { id: 'n1', body: 'It waits.' } } }],
  },
  {
    name: 'hasNote',
    method: 'hasNote',
    call: (c) => c.hasNote(accessOf('t'), 'c1', 'It waits.'),
    answers: [{ status: 200, json: { notes: [{ id: 'n1', body: '<p>It waits.</p>' }] } }],
  },
  {
    name: 'createTask',
    method: 'createTask',
    call: (c) => c.createTask(accessOf('t'), 'c1', { title: 'Scan', body: 'Why', dueDate: '2026-01-01T00:00:00.000Z' }),
    answers: [{ status: 201, json: { task: { id: 't1', title: 'Scan' } } }],
  },
  {
    name: 'findTask',
    method: 'findTask',
    call: (c) => c.findTask(accessOf('t'), 'c1', { body: 'Why' }),
    answers: [{ status: 200, json: { tasks: [{ id: 't1', title: 'Scan', body: 'Why' }] } }],
  },
  {
    name: 'completeTask',
    method: 'completeTask',
    call: (c) => c.completeTask(accessOf('t'), 'c1', 't1'),
    answers: [{ status: 200, json: { task: { id: 't1', completed: true } } }],
  },
  {
    name: 'getLocation',
    method: 'getLocation',
    call: (c) => c.getLocation(accessOf('t'), 'loc1'),
    answers: [{ status: 200, json: { location: { id: 'loc1', name: 'Shop', country: 'MY' } } }],
  },
  {
    name: 'uploadFile',
    method: 'uploadFile',
    call: (c) =>
      c.uploadFile(accessOf('t'), {
        ...{ locationId: 'loc1', contactId: 'c1', conversationId: 'cnv1', name: 'picture.jpg', type: 'image/jpeg' },
        ...{ bytes: 6, read: () => Readable.from([Buffer.from([0xff, 0xd8, 0xff, 0x0d, 0x0a, 0x00])]) },
      }),
    answers: [{ status: 200, json: { uploadedFiles: { 'picture.jpg': 'https://storage.example/picture.jpg' } } }],
  },
  {
    name: 'ensureConversation: known',
    method: 'ensureConversation',
    call: (c) => c.ensureConversation(accessOf('t'), { locationId: 'loc1', contactId: 'c1' }),
    answers: [{ status: 200, json: { conversations: [conversation], total: 1 } }],
  },
  {
    name: 'ensureConversation: new',
    method: 'ensureConversation',
    call: (c) => c.ensureConversation(accessOf('t'), { locationId: 'loc1', contactId: 'c1' }),
    answers: [
      { status: 200, json: { conversations: [], total: 0 } },
      {
        status: 201,
        json: {
          success: true,
          conversation: {
            ...{ id: 'cnv1', contactId: 'c1', locationId: 'loc1', deleted: false },
            ...{ dateUpdated: '2026-01-01T00:00:00.000Z', dateAdded: '2026-01-01T00:00:00.000Z' },
            lastMessageDate: '2026-01-01T00:00:00.000Z',
          },
        },
      },
    ],
  },
];
