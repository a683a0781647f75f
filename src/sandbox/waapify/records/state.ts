import { createHash, randomBytes } from 'node:crypto';
import { FaultList } from '../../kit/faults';
import { Journal, Watch } from '../../kit/journal';
import { Poster } from '../../kit/poster';
import { Timers } from '../../kit/timers';
import type { WaapifyFault, WebhookFault } from '../faults';
import type { HostedFile } from '../mediaHost';
import { defaultSettings, type WaapifySettings } from '../settings';
import type {
  WaapifyContact,
  WaapifyInstance,
  WaapifyRequest,
  WaapifySend,
  WaapifyWebhook,
  WebhookKind,
} from './types';

/** A webhook on its way out. */
export interface Webhook {
  kind: WebhookKind;
  gatewayId?: string;
  /** Posted as it is. */
  body: string;
}

/** Everything that one stand-in gateway knows. */
export interface WaapifyState {
  now: () => number;
  settings: WaapifySettings;
  /** Access tokens of the teams. */
  teams: Set<string>;
  instances: Map<string, WaapifyInstance>;
  /** By digits. */
  contacts: Map<string, WaapifyContact>;
  /** By gateway id. */
  sent: Map<string, WaapifySend>;
  sends: Journal<WaapifySend>;
  requests: Journal<WaapifyRequest>;
  webhooks: Journal<WaapifyWebhook>;
  faults: FaultList<WaapifyFault>;
  webhookFaults: FaultList<WebhookFault>;
  /** WhatsApp's store of files, by path. */
  files: Map<string, HostedFile>;
  held: { instanceId: string; webhook: Webhook }[];
  watch: Watch;
  timers: Timers;
  poster: Poster;
}

/** Returns the state of a stand-in that has just started. */
export function newState(now: () => number): WaapifyState {
  return {
    now,
    settings: defaultSettings(),
    teams: new Set(),
    instances: new Map(),
    contacts: new Map(),
    sent: new Map(),
    sends: new Journal(),
    requests: new Journal(),
    webhooks: new Journal(),
    files: new Map(),
    faults: new FaultList(),
    webhookFaults: new FaultList(),
    held: [],
    watch: new Watch(),
    timers: new Timers(),
    poster: new Poster(),
  };
}

/** Returns a new message id of the shape that WhatsApp's web clients make: `3EB0` and 18 hex digits. */
export function newMessageId(): string {
  return `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;
}

/** Returns a new instance id: 13 upper-case hex digits. */
export function newInstanceId(): string {
  return randomBytes(7).toString('hex').toUpperCase().slice(0, 13);
}

/** Returns what WhatsApp knows of a number: every one exists and has a LID of its own, unless a test said otherwise. */
export function contactOf(state: WaapifyState, number: string): WaapifyContact {
  const known = state.contacts.get(number);
  if (known !== undefined) return known;
  const digits = BigInt(`0x${createHash('sha256').update(number).digest('hex').slice(0, 12)}`);
  return { exists: true, lid: `${digits}@lid` };
}
