import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { findDuplicates, findInversions, findLost } from '../../src/sandbox/checkers';
import { eventually } from '../support/adminClient';
import { runOps, type BridgeService } from './bridgeService';
import { describeTopology } from './describeTopology';
import { installApp } from './standIns';
import { timed } from './timed';
import { startTopology, type Topology } from './topology';

/** Temporal's server is built when this machine has none yet. */
const START_MS = 25 * 60_000;
const FLOW_MS = 240_000;
const STOP_MS = 60_000;
jest.setTimeout(FLOW_MS + 60_000);

const LOCATION = 'sbx-location-1';
const INSTANCE = '609ACF2830001';
const MESSAGES = 60;
const CONTACTS = 10;
/** While this one is with the gateway, the worker that has it in hand is killed. */
const HELD = 12;
/** When so many were posted, one ingress is killed while the others go on being posted. */
const POSTED_BEFORE_THE_KILL = 40;
const WEEK_S = 7 * 24 * 60 * 60;

interface Sent {
  text: string;
  number: string;
  messageId: string;
  /** What the front door's answer was. */
  status: number;
}

describeTopology('compose as processes: two ingresses, two workers, real MySQL, real Temporal', () => {
  let topology: Topology;
  let temporal: Client;
  const sent: Sent[] = [];
  const killed: BridgeService[] = [];
  const endings: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    topology = await startTopology();
    endings.push(topology.stop);
    const connection = await Connection.connect({ address: `127.0.0.1:${topology.stack.temporalPort}` });
    endings.push(() => connection.close());
    temporal = new Client({ connection });
    await timed(`${MESSAGES} messages, a worker and an ingress killed`, async () => {
      await connectNumber();
      await postAllWhileTwoDie();
      await topology.ghl.waitFor(
        () => sent.every(({ messageId }) => isDelivered(messageId)),
        FLOW_MS,
        'all to be delivered',
      );
    });
  }, START_MS);

  afterAll(async () => {
    for (const end of endings.reverse()) await end();
  }, STOP_MS);

  async function connectNumber(): Promise<void> {
    const page = await installApp(topology.ghl, topology.frontDoor.url, LOCATION);
    expect([page.status, new URL(page.url).origin]).toEqual([200, topology.frontDoor.url]);
    const tokenFile = join(topology.folder, 'gateway-token');
    await writeFile(tokenFile, topology.waapify.token);
    const words = ['connect', '--location', LOCATION, '--instance', INSTANCE, '--token-file', tokenFile];
    expect(await runOps(topology.ingresses[0]!, words)).toMatchObject({ created: true });
  }

  async function postAllWhileTwoDie(): Promise<void> {
    topology.waapify.fault({ end: 'pass', text: textOf(HELD), replyAfterMs: 1_800 });
    await post(1, POSTED_BEFORE_THE_KILL);
    await topology.waapify.requests.waitFor(({ params }) => params['message'] === textOf(HELD), 30_000);
    await kill(await holderOf(sent[HELD - 1]!.messageId));
    const rest = post(POSTED_BEFORE_THE_KILL + 1, MESSAGES);
    await kill(topology.ingresses[0]!);
    await rest;
  }

  async function post(first: number, last: number): Promise<void> {
    for (let n = first; n <= last; n++) {
      const number = `6012300000${n % CONTACTS}`;
      const agent = { locationId: LOCATION, phone: `+${number}`, text: textOf(n) };
      const { messageId, status } = await topology.ghl.agentSends(agent);
      sent.push({ text: agent.text, number, messageId, status });
    }
  }

  async function kill(service: BridgeService): Promise<void> {
    killed.push(service);
    await service.end('SIGKILL');
  }

  /** The worker in whose hands a message is: Temporal knows it by its process id. */
  async function holderOf(messageId: string): Promise<BridgeService> {
    const { raw } = await temporal.workflow.getHandle(`outbound:${LOCATION}:${messageId}`).describe();
    const identity = raw.pendingActivities?.[0]?.lastWorkerIdentity ?? '';
    const holder = topology.workers.find(({ pid }) => identity.startsWith(`${pid}@`));
    if (holder === undefined) throw new Error(`no worker of ours has it: ${identity}`);
    return holder;
  }

  function textOf(n: number): string {
    return `message ${n} of ${MESSAGES}`;
  }

  function isDelivered(messageId: string): boolean {
    return ['delivered', 'read'].includes(topology.ghl.message(messageId)?.status ?? '');
  }

  function survivors(): BridgeService[] {
    return [...topology.ingresses, ...topology.workers].filter((service) => !killed.includes(service));
  }

  test('one of each is left', () => {
    expect(killed.map(({ name }) => name)).toEqual([expect.stringMatching(/^worker-/), 'ingress-1']);
    expect(survivors()).toHaveLength(2);
  });

  test('every post was taken, by both ingresses', () => {
    expect(sent.map(({ status }) => status)).toEqual(Array(MESSAGES).fill(200));
    const shares = [...topology.frontDoor.answered.values()];
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(POSTED_BEFORE_THE_KILL / 2);
  });

  test('every message is sent, and once', () => {
    const sends = topology.waapify.sends(INSTANCE);
    expect(findDuplicates(sends)).toEqual([]);
    expect(findLost(sent, sends)).toEqual([]);
    expect(sends).toHaveLength(MESSAGES);
  });

  test("each contact's messages go in the order in which they were posted", () => {
    const order: Record<string, string[]> = {};
    for (const { number, text } of sent) (order[number] ??= []).push(text);
    expect(Object.keys(order)).toHaveLength(CONTACTS);
    expect(findInversions(topology.waapify.sends(INSTANCE), order)).toEqual([]);
  });

  test('the namespace keeps closed workflows for 7 days, and finds them by what the bridge registered', async () => {
    const { config } = await temporal.workflowService.describeNamespace({ namespace: 'default' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(WEEK_S);
    await eventually(async () => {
      const { count } = await temporal.workflow.count(`LocationId="${LOCATION}" AND MessageStatus="read"`);
      expect(count).toBe(MESSAGES);
    });
  });

  test("a customer's answer comes through the ingress that is left, and the agent's next message goes", async () => {
    const { number } = sent[0]!;
    const told = await topology.waapify.customerWrites({ instanceId: INSTANCE, from: number, text: 'Thank you!' });
    expect(told.statuses).toEqual([200]);
    const inbound = await topology.ghl.waitFor(() =>
      topology.ghl.messages(LOCATION).find(({ direction, body }) => direction === 'inbound' && body === 'Thank you!'),
    );
    expect(inbound.altId).toBe(told.gatewayId);
    const next = await topology.ghl.agentSends({ locationId: LOCATION, phone: `+${number}`, text: 'You are welcome.' });
    await topology.ghl.waitFor(() => isDelivered(next.messageId), 20_000, 'the next message to be delivered');
  });

  test('SIGTERM ends the rest with 0 within 60 s', async () => {
    const ended = await timed('SIGTERM', () => {
      const began = Date.now();
      const end = async (service: BridgeService): Promise<[number | null, number]> => [
        await service.end('SIGTERM'),
        Date.now() - began,
      ];
      return Promise.all(survivors().map(end));
    });
    expect(ended.map(([code]) => code)).toEqual([0, 0]);
    expect(Math.max(...ended.map(([, tookMs]) => tookMs))).toBeLessThan(STOP_MS);
  });
});
