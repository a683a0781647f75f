import { LIMITS } from './partLimits';
import type { GatewayAdapter, GatewayEvent, ProbeResult, SendOutcome } from '../../src/channels/gateway';
import { hashSecret } from '../../src/crypto/secrets';
import type { Address } from '../../src/domain/address';
import type { PartContent } from '../../src/domain/content';
import type { TestBridge } from './bridgeInProcess';

export const TEST_GATEWAY = 'testline';

export interface TestLineSend {
  instanceId: string;
  to: Address;
  part: PartContent;
  gatewayId: string;
}

/** A gateway that is nothing like WhatsApp: no echo, no receipts, no pace; in memory, scripted by the test. */
export interface TestGateway {
  adapter: GatewayAdapter;
  /** What it took, oldest first. */
  sends: TestLineSend[];
  /** The next sends end like this, one each; afterwards they are taken again. */
  script(...outcomes: SendOutcome[]): void;
  /** What a probe finds from now on. */
  answerProbes(result: ProbeResult): void;
}

/** A message that somebody wrote to the line, as its webhook tells it. */
export interface TestLineMessage {
  id: string;
  from: string;
  text: string;
}

/** Returns a new line. Its webhook body is a JSON list of TestLineMessage. */
export function createTestGateway(): TestGateway {
  const sends: TestLineSend[] = [];
  const scripted: SendOutcome[] = [];
  let probed: ProbeResult = { kind: 'connected' };
  const adapter: GatewayAdapter = {
    name: TEST_GATEWAY,
    channel: 'test',
    capabilities: {
      idempotencyKey: false,
      lookup: false,
      echo: false,
      receipts: false,
      partLimits: LIMITS,
      numberCheck: false,
      paced: false,
    },
    send: async ({ instanceId }, to, part, guard) => {
      if (!guard.mayWrite()) return { kind: 'not_sent', cause: 'stale_claim' };
      const outcome = scripted.shift() ?? { kind: 'accepted' as const, gatewayId: `line-${sends.length + 1}` };
      if (outcome.kind === 'accepted') sends.push({ instanceId, to, part, gatewayId: outcome.gatewayId });
      return outcome;
    },
    probe: async () => probed,
    qr: async () => ({ connected: true }),
    registerWebhook: async () => undefined,
    parseWebhook: (_endpoint, raw) => parse(raw),
  };
  return {
    adapter,
    sends,
    script: (...outcomes) => void scripted.push(...outcomes),
    answerProbes: (result) => {
      probed = result;
    },
  };
}

function parse(raw: Buffer): GatewayEvent[] {
  try {
    return (JSON.parse(raw.toString()) as TestLineMessage[]).map(({ id, from, text }) => ({
      kind: 'message',
      gatewayId: id,
      from: { channel: 'test', value: from },
      at: Date.now(),
      history: false,
      content: { v: 1, text },
    }));
  } catch {
    return [{ kind: 'junk', why: 'not the line' }];
  }
}

/** Connects a line to a location, as an onboarding of that channel would. Returns the connection's id and webhook secret. */
export async function connectTestLine(
  bridge: TestBridge,
  locationId: string,
  instanceId: string,
): Promise<{ connectionId: string; secret: string }> {
  const secret = `webhook-secret-of-${instanceId}`;
  const { connectionId, wakes } = await bridge.app.store.connections.connect(
    { locationId },
    {
      channel: 'test',
      gateway: TEST_GATEWAY,
      baseUrl: 'https://testline.example.com',
      instanceId,
      token: 'token-of-the-line',
      webhookSecret: secret,
      webhookHash: hashSecret(secret),
    },
  );
  bridge.app.starter.wakeSoon(wakes);
  return { connectionId, secret };
}
