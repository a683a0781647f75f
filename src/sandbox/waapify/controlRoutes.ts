import { z } from 'zod';
import { controlBody, journalPage, type ControlRoute } from '../kit/control';
import { SERVER_CONTROL_ROUTES } from '../kit/serverControls';
import { faultSchema, webhookFaultSchema } from './faults';
import { INSTANCE_STATES } from './records/types';
import { settingsPatchSchema } from './settings';
import type { SandboxWaapify } from './standIn';
import { customerCallSchema } from './webhooks/calls';
import { customerMessageSchema, phoneMessageSchema } from './webhooks/people';

const milliseconds = z.number().int().min(0);
const delaysSchema = z
  .strictObject({ echo: milliseconds, server: milliseconds, delivered: milliseconds, read: milliseconds })
  .partial();
const flags = { echo: z.boolean(), server: z.boolean(), delivered: z.boolean(), read: z.boolean() };
const autoSchema = z.strictObject({ ...flags, delaysMs: delaysSchema, reversed: z.boolean() }).partial();
const instanceId = z.string();
const instanceSchema = z.strictObject({
  id: z.string().optional(),
  token: z.string().optional(),
  number: z.string().optional(),
  state: z.enum(INSTANCE_STATES).optional(),
  auto: autoSchema.optional(),
});
const planSchema = z.strictObject({ messagesLeft: z.number().int().min(0).nullable(), expired: z.boolean() }).partial();
const contactSchema = z.strictObject({
  number: z.string(),
  exists: z.boolean().optional(),
  lid: z.string().nullable().optional(),
});
const contactsSchema = z.strictObject({ instanceId, contacts: z.array(z.looseObject({})) });
const echoSchema = z.strictObject({
  gatewayId: z.string(),
  dialect: z.enum(['A', 'B', 'both']).optional(),
  text: z.string().optional(),
});
const receiptSchema = z.strictObject({
  gatewayId: z.string(),
  status: z.number().int().min(0).max(5),
  code: z.string().optional(),
});

type Route = ControlRoute<SandboxWaapify>;

function post<T extends z.ZodType>(
  path: string,
  schema: T,
  action: (waapify: SandboxWaapify, body: z.output<T>) => unknown,
): Route {
  return { method: 'POST', path, handle: (waapify, request) => action(waapify, controlBody(schema, request)) };
}

/** The controls over HTTP, for a stand-in that runs in another process. */
export const CONTROL_ROUTES: readonly Route[] = [
  ...SERVER_CONTROL_ROUTES,
  {
    method: 'GET',
    path: '/',
    handle: (waapify) => ({
      baseUrl: waapify.baseUrl,
      settings: waapify.settings,
      instances: waapify.instances().map(({ token: _secret, ...instance }) => instance),
    }),
  },
  { method: 'GET', path: '/sends', handle: (waapify, request) => journalPage(waapify.sendJournal, request) },
  { method: 'GET', path: '/journal', handle: (waapify, request) => journalPage(waapify.requests, request) },
  { method: 'GET', path: '/webhooks', handle: (waapify, request) => journalPage(waapify.webhooks, request) },
  { method: 'DELETE', path: '/faults', handle: (waapify) => waapify.clearFaults() },
  post('/faults', faultSchema, (waapify, fault) => waapify.fault(fault)),
  post('/webhook-faults', webhookFaultSchema, (waapify, fault) => waapify.webhookFault(fault)),
  post('/settings', settingsPatchSchema, (waapify, patch) => waapify.configure(patch)),
  post('/instances', instanceSchema, (waapify, body) => waapify.addInstance({ token: waapify.token, ...body })),
  post('/auto', autoSchema.extend({ instanceId }), (waapify, { instanceId: id, ...auto }) => waapify.setAuto(id, auto)),
  post('/contacts', contactSchema, (waapify, { number, ...contact }) => waapify.setContact(number, contact)),
  post('/scan', z.strictObject({ instanceId, number: z.string() }), (waapify, body) =>
    waapify.scanQr(body.instanceId, body.number),
  ),
  post('/state', z.strictObject({ instanceId, state: z.enum(INSTANCE_STATES) }), (waapify, body) =>
    waapify.setState(body.instanceId, body.state),
  ),
  post('/plan', planSchema.extend({ instanceId }), (waapify, { instanceId: id, ...plan }) => waapify.setPlan(id, plan)),
  post('/customer-writes', customerMessageSchema, (waapify, message) => waapify.customerWrites(message)),
  post('/phone-writes', phoneMessageSchema, (waapify, message) => waapify.phoneWrites(message)),
  post('/customer-calls', customerCallSchema, (waapify, call) => waapify.customerCalls(call)),
  post('/tell-contacts', contactsSchema, (waapify, body) => waapify.tellContacts(body.instanceId, body.contacts)),
  post('/echo', echoSchema, (waapify, { gatewayId, ...options }) => waapify.echo(gatewayId, options)),
  post('/receipt', receiptSchema, (waapify, { gatewayId, status, code }) => waapify.receipt(gatewayId, status, code)),
  post('/post-webhook', z.strictObject({ instanceId, body: z.unknown() }), (waapify, message) =>
    waapify.postWebhook(message.instanceId, message.body),
  ),
  post('/connection-event', z.strictObject({ instanceId, event: z.string().optional() }), (waapify, body) =>
    waapify.connectionEvent(body.instanceId, body.event),
  ),
  post('/release', z.strictObject({ order: z.enum(['kept', 'reversed']).optional() }), (waapify, { order }) =>
    waapify.releaseHeld(order),
  ),
];
