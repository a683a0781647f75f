import type { AgentSent } from '../../src/sandbox/ghl';
import type { WaapifyRequest, WaapifySend } from '../../src/sandbox/waapify/records/types';
import type { AdminClient } from './adminClient';
import { untilConnected } from './untilConnected';
import type { World } from './world';

/** Two cores may be shared by several test files and several bridge processes. */
const WAIT_MS = 20_000;

/** A message of a crash case, with what is needed to find it on every side. */
export interface CrashMessage extends AgentSent {
  text: string;
  /** The receiver's digits, as the gateway writes them. */
  digits: string;
}

/** One WhatsApp number in a location of its own: a lane, so that cases stand beside each other in one world. */
export interface CrashNumber {
  name: string;
  locationId: string;
  instanceId: string;
  connectionId: string;
  /** A message to this number's contact `contact`; its text begins with the number's name. Throws unless it is taken. */
  send(text: string, contact?: number): Promise<CrashMessage>;
  /** What really went out of this number, oldest first. */
  sends(text?: string): WaapifySend[];
  /** What the gateway was asked to send with this text, whatever became of it. */
  asked(text: string): WaapifyRequest[];
  /** Resolves once the gateway has been asked to send this text. */
  untilAsked(text: string): Promise<void>;
  /** Resolves once the gateway's answer to this text was written. */
  untilAnswered(text: string): Promise<void>;
}

/**
 * Adds a location with one connected number to a world whose ingress runs. `place` makes it unlike others; `through` is
 * the port of a relay before the gateway.
 */
export async function addNumber(
  world: World,
  admin: AdminClient,
  name: string,
  place: number,
  through?: number,
): Promise<CrashNumber> {
  const locationId = `crash-location-${place}`;
  const { ghl, waapify } = world;
  const phoneOf = (contact: number): string => `+6012${String(3_000_000 + place * 1_000 + contact)}`;
  ghl.addLocation({ id: locationId });
  const { id: instanceId } = waapify.addInstance({ token: waapify.token, number: `6011${String(2_000_000 + place)}` });
  const page = await world.install(locationId);
  if (!page.ok) throw new Error(`install of ${locationId}: ${page.status}`);
  const relayed = through === undefined ? {} : { baseUrl: `http://127.0.0.1:${through}/api` };
  const connectionId = await admin.connect({ locationId, instanceId, token: waapify.token, ...relayed });
  await untilConnected(world, admin, connectionId, instanceId);
  const sends = (text?: string): WaapifySend[] =>
    waapify.sends(instanceId).filter((one) => text === undefined || one.text === text);
  const asked = (text: string): WaapifyRequest[] =>
    waapify.requests.entries.filter(({ params }) => params.instance_id === instanceId && params.message === text);
  return {
    name,
    locationId,
    instanceId,
    connectionId,
    send: async (words, contact = 1) => {
      const text = `${name}: ${words}`;
      const phone = phoneOf(contact);
      const sent = await ghl.agentSends({ locationId, phone, text });
      if (sent.status !== 200) throw new Error(`"${text}" was answered ${sent.status} (${sent.error ?? ''})`);
      return { ...sent, text, digits: phone.slice(1) };
    },
    sends,
    asked,
    untilAsked: async (text) => {
      await waapify.requests.waitFor(() => asked(text).length > 0, WAIT_MS, `a request to send "${text}"`);
    },
    untilAnswered: async (text) => {
      const answered = (): boolean => asked(text).some(({ status }) => status !== 0);
      await waapify.requests.waitFor(answered, WAIT_MS, `the answer to "${text}"`);
    },
  };
}

let cases = 0;

/** Adds a number for one more case of a test file, unlike those of its other cases. */
export function numberOfItsOwn(world: World, admin: AdminClient): Promise<CrashNumber> {
  cases += 1;
  return addNumber(world, admin, `case ${cases}`, cases);
}
