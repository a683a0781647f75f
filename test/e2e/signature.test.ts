import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { sentWith, timesAsked, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { LOCATION, openWorld, type World } from '../support/world';
import type { Tamper } from '../../src/sandbox/ghl';

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

async function expectRefused(text: string, tamper: Tamper): Promise<string> {
  const { status, body, messageId } = await world.agentSends(text, { tamper });
  expect(status).toBe(401);
  expect((await bridge.admin.call('GET', `/admin/v1/messages/${LOCATION}/${messageId}`)).status).toBe(404);
  await world.agentSends(`after ${text}`);
  await untilSent(world, `after ${text}`);
  expect(timesAsked(world, text)).toBe(0);
  return (JSON.parse(body) as { code: string }).code;
}

async function refusalsCounted(reason: string): Promise<number> {
  const url = new URL('/metrics', bridge.adminUrl);
  const answer = await fetch(url, { headers: { authorization: 'Bearer admin-token-of-the-tests' } });
  const line = (await answer.text()).split('\n').find((one) => one.includes('signature') && one.includes(reason));
  return Number(line?.split(' ').at(-1) ?? 0);
}

/** Wrong is wrong under either setting. */
const WRONG: [string, Tamper][] = [
  ['one bit wrong', { signature: 'garbled' }],
  ["somebody else's key", { signature: 'foreign_key' }],
  ['of another body', { alterBody: true }],
];

describe('DELIVERY_SIGNATURE=required', () => {
  test.each([
    ['missing', { signature: 'missing' }],
    ["GHL's word for none, N/A", { signature: 'not_signed' }],
  ] satisfies [string, Tamper][])(
    'signature %s: 401, nothing stored, the log names the setting',
    async (name, tamper) => {
      const before = await refusalsCounted('missing');
      expect(await expectRefused(`required, ${name}`, tamper)).toBe('signature_missing');
      expect(bridge.logs.some((line) => line.includes('DELIVERY_SIGNATURE'))).toBe(true);
      expect(await refusalsCounted('missing')).toBe(before + 1);
    },
  );

  test.each(WRONG)('wrong signature, %s: 401, nothing stored', async (name, tamper) => {
    expect(await expectRefused(`required, ${name}`, tamper)).toBe('signature_wrong');
  });

  test('what was refused is taken when it is posted again with its signature', async () => {
    const { messageId } = await world.agentSends('signed later', { tamper: { signature: 'garbled' } });
    expect((await world.ghl.redeliver(messageId)).status).toBe(200);
    await untilTold(world, messageId, 'read');
  });

  test('an escaped JSON body verifies over its raw bytes, and the text arrives as it was typed', async () => {
    const text = 'see https://example.com/a/b, "quoted" and ümläuts 😀';
    const { status, messageId } = await world.agentSends(text, { format: 'escaped' });
    expect(status).toBe(200);
    await untilTold(world, messageId, 'read');
    expect(sentWith(world, text)).toHaveLength(1);
  });

  test('an escaped JSON body that was altered after signing is refused', async () => {
    const { status } = await world.agentSends('escaped, altered', { format: 'escaped', tamper: { alterBody: true } });
    expect(status).toBe(401);
  });
});

describe('DELIVERY_SIGNATURE=when-present', () => {
  beforeAll(async () => {
    await bridge.stop();
    bridge = await startInProcess(world, { env: { DELIVERY_SIGNATURE: 'when-present' } });
  });

  test.each(['missing', 'not_signed'] as const)('signature %s: 200 and sent', async (signature) => {
    const { status, messageId } = await world.agentSends(`when-present, ${signature}`, { tamper: { signature } });
    expect(status).toBe(200);
    await untilTold(world, messageId, 'read');
  });

  test.each(WRONG)('wrong signature, %s: 401, nothing stored', async (name, tamper) => {
    expect(await expectRefused(`when-present, ${name}`, tamper)).toBe('signature_wrong');
  });

  test('a good signature: 200 and sent', async () => {
    const { status, messageId } = await world.agentSends('when-present, signed');
    expect(status).toBe(200);
    await untilTold(world, messageId, 'read');
  });
});
