import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { ActivityDeps } from '../../activities/deps';
import { createHostSlots } from '../../activities/hostSlots';
import { createOutboundMessageActivities } from '../../activities/outboundMessage';
import type { GatewayEndpoint, SendOutcome } from '../../src/channels/gateway';
import type { StepResult } from '../../src/domain/workflowTypes';
import { eventually } from '../support/adminClient';
import { connectInput, fresh, openLine, type Line } from '../store/line';
import { openTestStore } from '../support/store';
import type { TestStore } from '../support/storeAt';

/** One worker with eight slots. A gateway host that hangs answers nothing until it is ended. */
const SLOTS = 8;
const HUNG = 'https://hung.example.com/api';

let ledger: TestStore;
beforeEach(async () => {
  ledger = await openTestStore({ kind: 'sqlite' });
});
afterEach(() => ledger.close());

function worker() {
  let end = (): void => undefined;
  const ended = new Promise<SendOutcome>((resolve) => (end = () => resolve({ kind: 'ambiguous', cause: 'timeout' })));
  const asked: string[] = [];
  const send = async ({ baseUrl, connectionId }: GatewayEndpoint): Promise<SendOutcome> => {
    asked.push(connectionId);
    return baseUrl === HUNG ? await ended : { kind: 'accepted', gatewayId: fresh('WAMID') };
  };
  const app = {
    store: ledger.store,
    settings: { waapifyTimeoutMs: 28_000 },
    gateway: () => ({ send }),
    metrics: { laneClaims: { inc: jest.fn() }, gatewaySends: { inc: jest.fn() }, messages: { inc: jest.fn() } },
    starter: { wake: jest.fn(), connectionChanged: jest.fn() },
  };
  const deps = { app, draining: new AbortController().signal } as unknown as ActivityDeps;
  const { sendMessage } = createOutboundMessageActivities(deps, createHostSlots(SLOTS));
  const context = { heartbeat: () => undefined } as unknown as Context;
  const take = async ({ scope }: Line, messageId: string): Promise<StepResult> =>
    await asyncLocalStorage.run(context, () => sendMessage({ v: 1, ...scope, messageId }));
  return { take, asked, end: () => end() };
}

/** A number on a host, with one message that may go now. */
async function numberOn(baseUrl: string): Promise<{ line: Line; messageId: string }> {
  const line = await openLine(ledger);
  await line.setConnection({ base_url: baseUrl });
  return { line, messageId: (await line.accept()).messageId };
}

test('a host that hangs leaves room for the others; who finds it full waits outside and is asked again', async () => {
  const { take, asked, end } = worker();
  const hung = await Promise.all(Array.from({ length: SLOTS + 2 }, () => numberOn(HUNG)));
  const stays = hung.map(({ line, messageId }) => take(line, messageId));
  const turnedAway: StepResult[] = [];
  for (const stay of stays) void stay.then((step) => turnedAway.push(step));
  await eventually(() => expect(asked.length + turnedAway.length).toBe(hung.length));
  const steps = [...turnedAway];
  if (steps.length === 0) end();
  expect(steps).toHaveLength(4);
  for (const step of steps) expect(step).toMatchObject({ kind: 'wait', state: 'waiting', reason: 'host_full' });
  const row = await hung.at(-1)!.line.message(hung.at(-1)!);
  expect(row).toMatchObject({ state: 'waiting', reason: 'host_full', claimed: 0 });
  expect(row.next_wake_at).toBeGreaterThanOrEqual(ledger.clock.now + 2_000);

  const calm = await numberOn(connectInput().baseUrl);
  expect(await take(calm.line, calm.messageId)).toMatchObject({ kind: 'out', state: 'sent' });
  expect(asked).toHaveLength(7);

  end();
  await Promise.all(stays);
  expect(await take(hung.at(-1)!.line, hung.at(-1)!.messageId)).toMatchObject({
    kind: 'wait',
    reason: 'awaiting_echo',
  });
});

test('a number that is held asks nothing of its host, and says why it is held', async () => {
  const { take, end } = worker();
  const hung = await Promise.all(Array.from({ length: SLOTS }, () => numberOn(HUNG)));
  const stays = hung.map(({ line, messageId }) => take(line, messageId));
  const held = await numberOn(HUNG);
  await held.line.setConnection({ state: 'relogin', state_since: ledger.clock.now });
  expect(await take(held.line, held.messageId)).toMatchObject({ kind: 'wait', reason: 'relogin' });
  end();
  await Promise.all(stays);
});
