import type { GhlMessage } from '../../src/sandbox/ghl';
import type { WaapifySend } from '../../src/sandbox/waapify';
import { ATTRIBUTES } from '../../src/temporal/searchAttributes';
import type { TestBridge } from './bridgeInProcess';
import { INSTANCE, LOCATION, type World } from './world';

/** Generous: two cores may be shared by several test files. */
const WAIT_MS = 30_000;

/** GHL's words, from the least to the most that one may say of a message; failed may be corrected by a receipt. */
const WORDS = ['pending', 'failed', 'delivered', 'read'];

/** Returns what GHL was told of a message, oldest first; GHL itself begins with `pending`. */
export function toldOf(world: World, messageId: string): string[] {
  return world.ghl.message(messageId)!.statusHistory.map(({ status }) => status);
}

/** Resolves with GHL's message once it shows this status. */
export async function untilTold(
  world: World,
  messageId: string,
  status: string,
  timeoutMs = WAIT_MS,
): Promise<GhlMessage> {
  const shows = (): GhlMessage | false => {
    const message = world.ghl.message(messageId);
    return message?.status === status && message;
  };
  return await world.ghl.waitFor(shows, timeoutMs, `GHL showing ${status}`);
}

/** Returns what really went out with this text. */
export function sentWith(world: World, text: string): WaapifySend[] {
  return world.waapify.sends(INSTANCE).filter((send) => send.text === text);
}

/** Resolves with the first send of this text. */
export async function untilSent(world: World, text: string, timeoutMs = WAIT_MS): Promise<WaapifySend> {
  return await world.waapify.waitFor(() => sentWith(world, text)[0], timeoutMs, `the send of "${text}"`);
}

/** Returns how many times a send of this text was asked of the gateway, whatever became of it. */
export function timesAsked(world: World, text: string): number {
  const asked = world.waapify.requests.entries.filter(({ endpoint }) => endpoint === 'send');
  return asked.filter(({ params }) => params.message === text).length;
}

/** Returns the messages from customers that GHL shows with this text. */
export function inboundWith(world: World, text: string): GhlMessage[] {
  return world.ghl.messages(LOCATION).filter((one) => one.direction === 'inbound' && one.body === text);
}

/** Resolves with the first customer's message of this text in GHL. */
export async function untilInbound(world: World, text: string, timeoutMs = WAIT_MS): Promise<GhlMessage> {
  return await world.ghl.waitFor(() => inboundWith(world, text)[0], timeoutMs, `the inbound message "${text}"`);
}

/** Returns what Temporal's search finds a workflow by. */
export async function shownAs(
  bridge: TestBridge,
  workflowId: string,
  name: keyof typeof ATTRIBUTES,
): Promise<string | undefined> {
  const { typedSearchAttributes } = await bridge.temporal.client.workflow.getHandle(workflowId).describe();
  return typedSearchAttributes.get(ATTRIBUTES[name]);
}

/** Whatever happened: GHL was never told less of a message than before, and nothing twice in a row. */
export function expectOnlyForward(world: World): void {
  for (const message of world.ghl.messages().filter(({ direction }) => direction === 'outbound')) {
    const ranks = toldOf(world, message.id).map((word) => WORDS.indexOf(word));
    expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b));
  }
}
