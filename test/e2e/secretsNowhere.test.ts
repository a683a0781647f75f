import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { loadSettings } from '../../src/config/settings';
import { GHL_FAULTS } from '../../src/sandbox/ghl';
import { openDb } from '../../src/store/db';
import { eventually } from '../support/adminClient';
import { startProcess, type BridgeProcess } from '../support/bridgeProcess';
import { openBrowser, postEvent } from '../support/installBrowser';
import { untilTold } from '../support/looks';
import { describeMysql } from '../support/mysqlServer';
import { startReceiver, type Receiver } from '../support/sandboxReceiver';
import { useTemporal } from '../support/temporalServer';
import { contextOf, payloadOf, SHARED_SECRET } from '../support/userContexts';
import { DEFAULT_PROVIDER, INSTANCE, LOCATION, openWorld, type World } from '../support/world';

jest.setTimeout(120_000);

const KEY = 'the-bridge-key-of-this-run';
const COMPANY = 'sbx-company-1';
const AGENCY = 'sbx-agency-1';
const NUMBER = '60110000001';
const WRONG_TOKEN = '0badc0de0badc0de0badc0de0badc0de';

/**
 * One run through all that gets, keeps, changes and loses a token or secret, in two processes on MySQL at the lowest log
 * level; then every place where one could have been left is searched: each line of both processes, every history with
 * its payloads, every column of every table, the metrics, what was answered, what the operator was told. (private.test.ts
 * does the same for what people write, and for the bytes of an SQLite file.)
 */
describeMysql('no token or secret is left anywhere (two processes, MySQL)', () => {
  const temporal = useTemporal();
  let world: World;
  let receiver: Receiver;
  let ingress: BridgeProcess;
  let worker: BridgeProcess;
  /** What must be found nowhere. Every token of the stand-in GHL begins with one of the first three. */
  const secrets = [
    'sbx-access-',
    'sbx-refresh-',
    'sbx-code-',
    WRONG_TOKEN,
    KEY,
    SHARED_SECRET,
    DEFAULT_PROVIDER.secret,
  ];
  const answers: string[] = [];

  beforeAll(async () => {
    receiver = await startReceiver();
    const env = { LOG_LEVEL: 'trace', ENDPOINT_SECRET: KEY, GHL_SHARED_SECRET: SHARED_SECRET };
    world = await openWorld(temporal, { store: 'mysql', env: { ...env, ALERT_WEBHOOK_URL: receiver.url } });
    temporal.onEnd(receiver.stop);
    secrets.push(world.waapify.token, world.ghl.clientSecret);
    const { ADMIN_TOKEN: bearer, ENCRYPTION_KEYS: keys } = await world.env();
    secrets.push(bearer!, keys!.split(':')[1]!);
    ingress = await startProcess(world, { role: 'ingress' });
    worker = await startProcess(world, { role: 'worker' });
    await install();
    await connect();
    await openPage();
    await agency();
    await renew();
    await rotate();
    await leave();
  });

  const stateOf = async (resourceId: string): Promise<string | undefined> => {
    const { body } = await ingress.admin.call('GET', '/admin/v1/installations');
    answers.push(JSON.stringify(body));
    const { installations } = body as { installations: { resourceId: string; state: string }[] };
    return installations.find((one) => one.resourceId === resourceId)?.state;
  };
  const untilState = (resourceId: string, state: string) =>
    eventually(async () => expect(await stateOf(resourceId)).toBe(state));
  const operator = async (path: string): Promise<Record<string, unknown>> => {
    const { body } = await ingress.admin.call('POST', `/admin/v1/${path}`);
    answers.push(JSON.stringify(body));
    return body as Record<string, unknown>;
  };
  const text = async (answer: Response): Promise<string> => {
    const said = await answer.text();
    answers.push(said);
    return said;
  };

  /** Begun at the bridge and ended in this browser; begun and ended in another one; ended with a code of nobody's. */
  async function install(): Promise<void> {
    const begun = await fetch(`${world.publicUrl}/oauth/install`, { redirect: 'manual' });
    const page = new URL(begun.headers.get('location')!);
    secrets.push(page.searchParams.get('state')!, begun.headers.get('set-cookie')!.split(/[=;]/)[1]!);
    answers.push((await openBrowser().open(page.href, { location_id: LOCATION })).page);
    const shown = await openBrowser().open(`${world.publicUrl}/oauth/install`, { location_id: LOCATION });
    expect(shown.status).toBe(200);
    answers.push(shown.page);
    secrets.push(new URL(shown.way[1]!).searchParams.get('state')!);
    await text(await fetch(`${world.publicUrl}/oauth/callback?code=sbx-code-that-nobody-gave`));
  }

  async function externalAuth(fields: object): Promise<string> {
    const body = JSON.stringify({
      instance_id: INSTANCE,
      whatsapp_number: `+${NUMBER}`,
      companyId: COMPANY,
      ...fields,
    });
    const headers = { 'x-bridge-key': KEY, 'content-type': 'application/json' };
    return await text(await fetch(`${world.publicUrl}/ghl/external-auth`, { method: 'POST', headers, body }));
  }

  async function connect(): Promise<void> {
    expect(await externalAuth({ access_token: WRONG_TOKEN, locationId: [LOCATION] })).toContain('credentials_refused');
    expect(await externalAuth({ access_token: world.waapify.token, locationId: [LOCATION] })).toContain('connected');
    const token = world.waapify.token;
    const { id: instance_id } = world.waapify.addInstance({ id: 'SECOND', token, number: '60110000002' });
    const other = { access_token: token, instance_id, whatsapp_number: '+60110000002' };
    expect(await externalAuth({ ...other, locationId: ['not-installed-yet'] })).toContain('kept');
    for (const companyId of [AGENCY, 'company-without-the-app'])
      expect(await externalAuth({ access_token: token, companyId, approveAllLocations: true })).toContain('default');
    const { messageId } = await world.agentSends('with a token', { locationId: LOCATION });
    await untilTold(world, messageId, 'read');
  }

  async function openPage(): Promise<void> {
    const payload = payloadOf(contextOf({ companyId: COMPANY, activeLocation: LOCATION }));
    const url = `${world.publicUrl}/api/v1/session`;
    const opened = await fetch(url, { method: 'POST', body: JSON.stringify({ payload }) });
    expect(opened.status).toBe(200);
    const { token } = (await opened.json()) as { token: string };
    secrets.push(payload, token);
    await text(await fetch(url, { headers: { authorization: `Bearer ${token}` } }));
    await text(await fetch(url, { method: 'POST', body: JSON.stringify({ payload }) }));
  }

  async function agency(): Promise<void> {
    for (const id of ['shop-1', 'shop-2']) world.ghl.addLocation({ id, companyId: AGENCY });
    const shown = await openBrowser().open(`${world.publicUrl}/oauth/install`, { company_id: AGENCY });
    answers.push(shown.page);
    for (const id of ['shop-1', 'shop-2']) await untilState(id, 'installed');
  }

  /** A renewal whose answer gets lost, and one that ends in a lost access; the operator is told; then a new install. */
  async function renew(): Promise<void> {
    world.ghl.fault(GHL_FAULTS.tokenAnswerLost);
    const { version } = await operator(`tokens/${AGENCY}/refresh`);
    await eventually(async () => {
      expect((await operator(`tokens/${AGENCY}/refresh`))['version']).toBeGreaterThan(Number(version));
    });
    world.ghl.fault({ ...GHL_FAULTS.refreshTokenRefused, locationId: LOCATION, times: 100 });
    await operator(`tokens/${LOCATION}/refresh`);
    await untilState(LOCATION, 'reauth_required');
    await eventually(() => expect(receiver.posts.entries).not.toHaveLength(0));
    world.ghl.clearFaults();
    await text(await world.install());
    await untilState(LOCATION, 'installed');
  }

  async function rotate(): Promise<void> {
    const secret = () => world.waapify.instance(INSTANCE).webhook!.url.split('/').at(-1)!;
    const old = secret();
    const { body } = await ingress.admin.call('GET', '/admin/v1/connections');
    const { connections } = body as { connections: { id: string; locationId: string }[] };
    const { id } = connections.find(({ locationId }) => locationId === LOCATION)!;
    expect(await operator(`connections/${id}/webhook/rotate`)).toMatchObject({ webhook: 'registered' });
    expect(secret()).not.toBe(old);
    secrets.push(old, secret());
    await operator('keys/rotate');
  }

  async function leave(): Promise<void> {
    for (const one of [{ locationId: LOCATION, companyId: COMPANY }, { companyId: AGENCY }])
      expect(await postEvent(world, 'UNINSTALL', one)).toBe(200);
    await untilState(LOCATION, 'uninstalled');
    await untilState('shop-2', 'uninstalled');
  }

  async function metricsOf({ admin }: BridgeProcess): Promise<string> {
    const { ADMIN_TOKEN: bearer = '' } = await world.env();
    const answer = await fetch(new URL('/metrics', admin.url), { headers: { authorization: `Bearer ${bearer}` } });
    expect(answer.status).toBe(200);
    return await answer.text();
  }

  function expectAbsent(places: { name: string; text: string }[]): void {
    const found = places.flatMap(({ name, text: said }) =>
      secrets.filter((secret) => said.includes(secret)).map((secret) => `${name}: ${secret}`),
    );
    expect(found).toEqual([]);
  }

  test('in no line of either process', () => {
    for (const [name, { output }] of Object.entries({ ingress, worker })) {
      const lines = output().split('\n');
      expect(lines.length).toBeGreaterThan(20);
      expectAbsent(lines.map((line, n) => ({ name: `${name}, line ${n}: ${line.slice(0, 200)}`, text: line })));
    }
  });

  test('in no history, of any run, and not in the schedule', async () => {
    const { address, namespace } = temporal.server;
    const connection = await Connection.connect({ address });
    const client = new Client({ connection, namespace });
    const places = [];
    for await (const { workflowId, runId, type } of client.workflow.list()) {
      const json = historyToJSON(await client.workflow.getHandle(workflowId, runId).fetchHistory());
      places.push({ name: `${type} ${workflowId}`, text: json + payloadsIn(json) });
    }
    const schedule = await client.schedule.getHandle('installations-reconcile').describe();
    places.push({ name: 'schedule', text: JSON.stringify(schedule.action) });
    await connection.close();
    for (const type of ['installation', 'tokenRefresh', 'outboundMessage', 'connection'])
      expect(places.filter(({ name }) => name.startsWith(type))).not.toHaveLength(0);
    expectAbsent(places);
  });

  test('in no column of any table', async () => {
    const { databaseUrl } = loadSettings(await world.env(), { sandboxDir: world.folder });
    const db = openDb(databaseUrl);
    const [tables] = (await db.knex.raw('SHOW TABLES')) as [Record<string, string>[]];
    const places = [];
    for (const table of tables.map((row) => Object.values(row)[0]!)) {
      const rows: Record<string, unknown>[] = await db.knex(table);
      places.push(...rows.map((row) => ({ name: table, text: JSON.stringify(row) })));
    }
    await db.close();
    for (const table of ['tokens', 'connections', 'audit_log', 'alert_tells', 'oauth_states', 'spent_contexts'])
      expect(places.filter(({ name }) => name === table)).not.toHaveLength(0);
    expectAbsent(places);
  });

  test('in no answer, no metric, and nothing that the operator was told', async () => {
    const metrics = await Promise.all([ingress, worker].map(metricsOf));
    const posts = receiver.posts.entries.map(({ raw, headers }) => `${raw.toString()}${JSON.stringify(headers)}`);
    const places = Object.entries({ answers, metrics, posts });
    expectAbsent(places.flatMap(([name, texts]) => texts.map((said) => ({ name, text: said }))));
  });

  test('the search finds what is planted', () => {
    expect(() => expectAbsent([{ name: 'planted', text: `x${world.waapify.token}x` }])).toThrow('planted');
    const planted = JSON.stringify({ data: Buffer.from('"sbx-access-x"').toString('base64') });
    expect(() => expectAbsent([{ name: 'planted', text: payloadsIn(planted) }])).toThrow('planted');
  });
});

/** Payloads are base64 in a history's JSON: returned in clear. */
function payloadsIn(json: string): string {
  return [...json.matchAll(/"([A-Za-z0-9+/]{8,}={0,2})"/g)]
    .map((match) => Buffer.from(match[1]!, 'base64').toString('utf8'))
    .join('\n');
}
