import { notFound } from '../../domain/errors';
import type { Journal } from '../kit/journal';
import { parsed } from '../kit/parse';
import { faultSchema, webhookFaultSchema, type WaapifyFaultInput, type WebhookFaultInput } from './faults';
import { addInstance, changedAuto, type AutoPatch, type NewInstance } from './records/instances';
import { contactOf, type WaapifyState } from './records/state';
import type {
  InstanceState,
  Plan,
  WaapifyContact,
  WaapifyInstance,
  WaapifyRequest,
  WaapifySend,
  WaapifyWebhook,
} from './records/types';
import { settingsPatchSchema, type WaapifySettings, type WaapifySettingsPatch } from './settings';
import { customerCalls, type CustomerCall } from './webhooks/calls';
import { postEcho, postReceipt, type Dialect } from './webhooks/ownSends';
import { customerWrites, phoneWrites, type CustomerMessage, type PhoneMessage, type Told } from './webhooks/people';
import { postWebhook, releaseHeld } from './webhooks/post';
import { contactsUpdate } from './webhooks/shapes';

/** What a test or a person can look at and do on the gateway's side. */
export interface WaapifyControls {
  readonly settings: WaapifySettings;
  /** Every message that really went out, of all instances. */
  readonly sendJournal: Journal<WaapifySend>;
  readonly requests: Journal<WaapifyRequest>;
  readonly webhooks: Journal<WaapifyWebhook>;
  configure(settings: WaapifySettingsPatch): void;
  /** Returns what really went out, oldest first. */
  sends(instanceId?: string): WaapifySend[];
  instances(): WaapifyInstance[];
  /** Throws DomainError `not_found`, as does everything below that names an instance or a message. */
  instance(instanceId: string): WaapifyInstance;
  addTeam(token: string): void;
  addInstance(instance: NewInstance): WaapifyInstance;
  setAuto(instanceId: string, auto: AutoPatch): void;
  setContact(number: string, contact: Partial<WaapifyContact>): void;
  /** The QR code is scanned: the instance is connected as this number (digits). */
  scanQr(instanceId: string, number: string): void;
  setState(instanceId: string, state: InstanceState): void;
  /** Uses up, ends, resets or renews the instance's plan. */
  setPlan(instanceId: string, plan: Partial<Plan>): void;
  customerWrites(message: CustomerMessage): Promise<Told>;
  phoneWrites(message: PhoneMessage): Promise<Told>;
  /** Posts one state of a customer's call. */
  customerCalls(call: CustomerCall): Promise<Told>;
  /** Posts what the engine learned of people: `{ id, lid, notify }` each, jids as they stand. */
  tellContacts(instanceId: string, contacts: readonly object[]): Promise<WaapifyWebhook>;
  /** Posts the echo of a send by hand, once more if it was posted already. */
  echo(gatewayId: string, options?: { dialect?: Dialect; text?: string }): Promise<WaapifyWebhook[]>;
  /** Posts a receipt by hand: 0 nack, 1 pending, 2 server, 3 delivered, 4 read, 5 played. */
  receipt(gatewayId: string, status: number, code?: string): Promise<WaapifyWebhook>;
  /** Posts anything to the instance's webhook: text as it is, everything else as JSON. */
  postWebhook(instanceId: string, body: unknown): Promise<WaapifyWebhook>;
  /** Posts a connection event; real hosts may or may not do so. */
  connectionEvent(instanceId: string, event?: string): Promise<WaapifyWebhook>;
  fault(fault: WaapifyFaultInput): void;
  webhookFault(fault: WebhookFaultInput): void;
  /** Takes the faults back that are still to come; with an instance only its own. */
  clearFaults(instanceId?: string): void;
  pendingFaults(): number;
  releaseHeld(order?: 'kept' | 'reversed'): Promise<void>;
  /** Resolves with the first truthy result of `probe`, asked at every change. Rejects with `sandbox_timeout`. */
  waitFor<T>(probe: () => T | undefined | null | false, timeoutMs?: number, what?: string): Promise<T>;
}

function instanceBy(state: WaapifyState, instanceId: string): WaapifyInstance {
  const instance = state.instances.get(instanceId);
  if (instance === undefined) throw notFound('instance in the sandbox');
  return instance;
}

function sendBy(state: WaapifyState, gatewayId: string): { send: WaapifySend; instance: WaapifyInstance } {
  const send = state.sent.get(gatewayId);
  if (send === undefined) throw notFound('message in the sandbox');
  return { send, instance: instanceBy(state, send.instanceId) };
}

function change(state: WaapifyState, instanceId: string, patch: Partial<WaapifyInstance>): void {
  Object.assign(instanceBy(state, instanceId), patch);
  state.watch.changed();
}

/** Returns the controls of a stand-in. */
export function createControls(state: WaapifyState): WaapifyControls {
  return {
    settings: state.settings,
    sendJournal: state.sends,
    requests: state.requests,
    webhooks: state.webhooks,
    configure: (patch) => void Object.assign(state.settings, parsed(settingsPatchSchema, patch)),
    sends: (instanceId) =>
      state.sends.entries.filter((one) => instanceId === undefined || one.instanceId === instanceId),
    instances: () => [...state.instances.values()],
    instance: (instanceId) => instanceBy(state, instanceId),
    addTeam: (token) => void state.teams.add(token),
    addInstance: (instance) => addInstance(state, instance),
    setAuto: (instanceId, patch) =>
      change(state, instanceId, { auto: changedAuto(instanceBy(state, instanceId).auto, patch) }),
    setContact: (number, contact) => void state.contacts.set(number, { ...contactOf(state, number), ...contact }),
    scanQr: (instanceId, number) => change(state, instanceId, { state: 'connected', number }),
    setState: (instanceId, next) => change(state, instanceId, { state: next }),
    setPlan: (instanceId, patch) =>
      change(state, instanceId, { plan: { ...instanceBy(state, instanceId).plan, ...patch } }),
    customerWrites: async (message) => customerWrites(state, message),
    phoneWrites: async (message) => phoneWrites(state, message),
    customerCalls: async (call) => customerCalls(state, call),
    tellContacts: async (instanceId, contacts) => {
      const body = contactsUpdate(instanceId, contacts);
      return postWebhook(state, instanceBy(state, instanceId), { kind: 'contacts', body });
    },
    echo: async (gatewayId, options) => {
      const { send, instance } = sendBy(state, gatewayId);
      return postEcho(state, instance, send, options);
    },
    receipt: async (gatewayId, status, code) => {
      const { send, instance } = sendBy(state, gatewayId);
      return postReceipt(state, instance, send, status, code);
    },
    postWebhook: async (instanceId, body) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return postWebhook(state, instanceBy(state, instanceId), { kind: 'raw', body: text });
    },
    connectionEvent: async (instanceId, event = 'connection.update') => {
      const body = JSON.stringify({ instance_id: instanceId, data: { event, data: {} } });
      return postWebhook(state, instanceBy(state, instanceId), { kind: 'connection', body });
    },
    fault: (fault) => state.faults.add(parsed(faultSchema, fault)),
    webhookFault: (fault) => state.webhookFaults.add(parsed(webhookFaultSchema, fault)),
    clearFaults: (instanceId) => {
      const fits = (rule: { instanceId?: string }) => instanceId === undefined || rule.instanceId === instanceId;
      state.faults.clear(fits);
      state.webhookFaults.clear(fits);
    },
    pendingFaults: () => state.faults.pending.length + state.webhookFaults.pending.length,
    releaseHeld: (order = 'kept') => releaseHeld(state, order),
    waitFor: (probe, timeoutMs, what) => state.watch.waitFor(probe, timeoutMs, what),
  };
}
