import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { eventually } from '../support/adminClient';
import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { untilInbound } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { GHL_FAULTS } from '../../src/sandbox/ghl';
import { png } from '../support/files';
import { DEFAULT_PROVIDER, INSTANCE, LOCATION, openWorld, type World } from '../support/world';

/**
 * One run through everything that carries private things (installs, sends, files, what customers write, renewals of
 * tokens that succeed and that fail), then every place where they could have been left is searched: complete histories,
 * every log line, what was answered, the metrics, the bytes of the database.
 */
const temporal = useTemporal();
const PHONE = '+60198877665';
const UNKNOWN_PHONE = '+60197766554';
const TEXTS = [
  'Outbound: the code is 4711-alpha',
  'Inbound: my card ends in 0815-beta',
  'Refused: gamma-2342',
  'Lost: delta-1337',
  'With a file: theta-9001',
];
const FILE = 'passport-of-iota.png';
const FORGED_CODE = 'sbx-code-that-nobody-gave';

let world: World;
let bridge: TestBridge;
/** What the bridge answered to people and operators. */
const answers: string[] = [];

beforeAll(async () => {
  world = await openWorld(temporal, { env: { LOG_LEVEL: 'trace', UNKNOWN_WAIT_MS: '500' } });
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
  const read = await world.agentSends(TEXTS[0]!, { phone: PHONE });
  await bridge.admin.untilState(LOCATION, read.messageId, 'read');
  await world.waapify.customerWrites({
    instanceId: INSTANCE,
    from: PHONE.slice(1),
    name: 'Epsilon Zeta',
    text: TEXTS[1]!,
  });
  await untilInbound(world, TEXTS[1]!);
  world.waapify.fault({ end: 'error', message: `Strange error for ${PHONE.slice(1)}`, text: TEXTS[2]! });
  const refused = await world.agentSends(TEXTS[2]!, { phone: PHONE });
  await bridge.admin.untilState(LOCATION, refused.messageId, 'failed');
  world.waapify.fault({ end: 'null', text: TEXTS[3]! });
  const lost = await world.agentSends(TEXTS[3]!, { phone: UNKNOWN_PHONE });
  await bridge.admin.untilState(LOCATION, lost.messageId, 'unknown');
  await world.agentSends('Eta', { phone: PHONE, tamper: { signature: 'garbled' } });
  const file = world.attach(FILE, png(7), 'image/png');
  const withFile = await world.agentSends(TEXTS[4]!, { phone: PHONE, attachments: [file] });
  await bridge.admin.untilState(LOCATION, withFile.messageId, 'read');
  await renewals();
  const { body } = await bridge.admin.call('GET', `/admin/v1/messages/${LOCATION}/${withFile.messageId}`);
  answers.push(JSON.stringify(body));
});

/** One that succeeds after a lost answer, one that ends in a lost access, and a new install. */
async function renewals(): Promise<void> {
  const { tokens, locations } = bridge.app.store;
  const { version } = (await tokens.read(LOCATION))!;
  world.ghl.fault(GHL_FAULTS.tokenAnswerLost);
  await force();
  await eventually(async () => expect((await tokens.read(LOCATION))!.version).toBe(version + 1));
  world.ghl.fault({ ...GHL_FAULTS.refreshTokenRefused, times: 2 });
  await force();
  await eventually(async () => {
    expect((await locations.get({ locationId: LOCATION }))!.state).toBe('reauth_required');
  });
  answers.push(await (await world.install()).text());
  const forged = await fetch(`${world.publicUrl}/oauth/callback?code=${FORGED_CODE}`);
  answers.push(await forged.text());
}

async function force(): Promise<void> {
  const { status, body } = await bridge.admin.call('POST', `/admin/v1/tokens/${LOCATION}/refresh`);
  expect(status).toBe(202);
  answers.push(JSON.stringify(body));
}

/** What must be found nowhere. */
async function secrets(): Promise<string[]> {
  const token = (await bridge.app.store.tokens.read(LOCATION))!;
  const webhook = world.waapify.instance(INSTANCE).webhook!.url.split('/').at(-1)!;
  const numbers = [PHONE, UNKNOWN_PHONE].map((phone) => phone.slice(1));
  const own = ['60110000001', 'Epsilon Zeta', world.waapify.token, world.ghl.clientSecret, DEFAULT_PROVIDER.secret];
  return [...TEXTS, FILE, ...numbers, ...own, token.accessToken, webhook, 'sbx-access-', 'sbx-refresh-', 'sbx-code-'];
}

async function expectAbsent(places: { name: string; text: string }[]): Promise<void> {
  const wanted = await secrets();
  const found = places.flatMap(({ name, text }) =>
    wanted.filter((secret) => text.includes(secret)).map((secret) => `${name}: ${secret}`),
  );
  expect(found).toEqual([]);
}

test('no text, number or token stands in any history', async () => {
  const places = [];
  for await (const { workflowId, runId } of bridge.temporal.client.workflow.list()) {
    const history = await bridge.temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
    places.push({ name: workflowId, text: historyToJSON(history) + payloads(historyToJSON(history)) + workflowId });
  }
  expect(places.length).toBeGreaterThanOrEqual(5);
  await expectAbsent(places);
});

test('no text, number or token stands in any log line, down to trace', async () => {
  expect(bridge.logs.length).toBeGreaterThan(20);
  await expectAbsent(bridge.logs.map((text, n) => ({ name: `line ${n}`, text })));
});

test('no text, number or token stands in what was answered, or in the metrics', async () => {
  const metrics = await bridge.app.metrics.render();
  expect(metrics).toContain('bridge_token_refreshes_total{way="own",outcome="renewed"}');
  await expectAbsent([...answers, metrics].map((text, n) => ({ name: `answer ${n}`, text })));
});

test('no text, number or token stands in the database in clear', async () => {
  const files = readdirSync(world.folder).filter((name) => name.startsWith('bridge.sqlite'));
  expect(files.length).toBeGreaterThan(0);
  await expectAbsent(files.map((name) => ({ name, text: readFileSync(join(world.folder, name)).toString('latin1') })));
});

test('the search finds what is planted', async () => {
  await expect(expectAbsent([{ name: 'planted', text: `x${PHONE.slice(1)}x` }])).rejects.toThrow('planted');
  const planted = JSON.stringify({ data: Buffer.from(TEXTS[0]!).toString('base64') });
  await expect(expectAbsent([{ name: 'planted', text: payloads(planted) }])).rejects.toThrow('planted');
});

/** Payloads are base64 in a history's JSON: returned in clear. */
function payloads(json: string): string {
  return [...json.matchAll(/"([A-Za-z0-9+/]{8,}={0,2})"/g)]
    .map((match) => Buffer.from(match[1]!, 'base64').toString('utf8'))
    .join('\n');
}
