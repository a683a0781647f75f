import { z } from 'zod';
import { controlBody, journalPage, type ControlRoute } from '../kit/control';
import { SERVER_CONTROL_ROUTES } from '../kit/serverControls';
import { agentMessageSchema } from './agent/messages';
import { eventSchema } from './agent/events';
import { faultSchema } from './faults';
import { settingsPatchSchema } from './settings';
import { tamperSchema } from './agent/signing';
import type { SandboxGhl } from './standIn';

const idSchema = z.strictObject({ id: z.string() });
const redeliverSchema = z.strictObject({ messageId: z.string(), tamper: tamperSchema.optional() });
const locationSchema = z.strictObject({
  id: z.string(),
  companyId: z.string().optional(),
  name: z.string().optional(),
  country: z.string().optional(),
  timezone: z.string().optional(),
  allowDuplicates: z.boolean().optional(),
});
const providerSchema = z.strictObject({
  id: z.string(),
  type: z.enum(['SMS', 'Email', 'Call']).optional(),
  deliveryUrl: z.string().optional(),
});
const contactSchema = z.strictObject({
  locationId: z.string(),
  phone: z.string().optional(),
  email: z.string().optional(),
  name: z.string().optional(),
});

/** The controls over HTTP, for a stand-in that runs in another process. */
export const CONTROL_ROUTES: readonly ControlRoute<SandboxGhl>[] = [
  ...SERVER_CONTROL_ROUTES,
  {
    method: 'GET',
    path: '/',
    handle: ({ url, publicKeyPem, clientId, clientSecret, settings }) => ({
      ...{ url, publicKeyPem, clientId, clientSecret, settings },
    }),
  },
  { method: 'GET', path: '/journal', handle: (ghl, request) => journalPage(ghl.journal, request) },
  {
    method: 'GET',
    path: '/messages',
    handle: (ghl, { query }) => ({ messages: ghl.messages(query.get('locationId') ?? undefined) }),
  },
  { method: 'GET', path: '/messages/:id', handle: (ghl, _request, { id }) => ghl.message(id ?? '') },
  {
    method: 'GET',
    path: '/contacts',
    handle: (ghl, { query }) => ({ contacts: ghl.contacts(query.get('locationId') ?? undefined) }),
  },
  {
    method: 'GET',
    path: '/notes',
    handle: (ghl, { query }) => ({ notes: ghl.notes(query.get('locationId') ?? undefined) }),
  },
  {
    method: 'GET',
    path: '/tasks',
    handle: (ghl, { query }) => ({ tasks: ghl.tasks(query.get('locationId') ?? undefined) }),
  },
  {
    method: 'POST',
    path: '/contacts',
    handle: (ghl, request) => {
      const { locationId, ...contact } = controlBody(contactSchema, request);
      return ghl.addContact(locationId, contact);
    },
  },
  {
    method: 'POST',
    path: '/contacts/delete',
    handle: (ghl, request) => ghl.deleteContact(controlBody(idSchema, request).id),
  },
  {
    method: 'POST',
    path: '/locations',
    handle: (ghl, request) => ghl.addLocation(controlBody(locationSchema, request)),
  },
  {
    method: 'POST',
    path: '/providers',
    handle: (ghl, request) => ghl.addProvider(controlBody(providerSchema, request)),
  },
  {
    method: 'PATCH',
    path: '/settings',
    handle: (ghl, request) => {
      ghl.configure(controlBody(settingsPatchSchema, request));
      return ghl.settings;
    },
  },
  { method: 'POST', path: '/faults', handle: (ghl, request) => ghl.fault(controlBody(faultSchema, request)) },
  { method: 'DELETE', path: '/faults', handle: (ghl) => ghl.clearFaults() },
  {
    method: 'POST',
    path: '/agent-sends',
    handle: (ghl, request) => ghl.agentSends(controlBody(agentMessageSchema, request)),
  },
  {
    method: 'POST',
    path: '/redeliver',
    handle: (ghl, request) => {
      const { messageId, tamper } = controlBody(redeliverSchema, request);
      return ghl.redeliver(messageId, tamper);
    },
  },
  { method: 'POST', path: '/events', handle: (ghl, request) => ghl.postEvent(controlBody(eventSchema, request)) },
  {
    method: 'POST',
    path: '/tokens/issue',
    handle: (ghl, request) => ghl.issueTokens(controlBody(idSchema, request).id),
  },
  {
    method: 'POST',
    path: '/tokens/expire',
    handle: (ghl, request) => ghl.expireAccessTokens(controlBody(idSchema, request).id),
  },
  {
    method: 'POST',
    path: '/tokens/revoke',
    handle: (ghl, request) => ghl.revokeTokens(controlBody(idSchema, request).id),
  },
];
