import { startSandboxGhl, type SandboxGhl } from '../../src/sandbox/ghl';
import { startSandboxWaapify, type SandboxWaapify } from '../../src/sandbox/waapify';
import { call, textAt, type Answered } from '../support/sandboxCalls';
import { INSTANCE, NUMBER, sendText } from '../support/sandboxGateway';
import { startReceiver, type Receiver } from '../support/sandboxReceiver';

let ghl: SandboxGhl;
let waapify: SandboxWaapify;
let bridge: Receiver;

beforeEach(async () => {
  bridge = await startReceiver();
  ghl = await startSandboxGhl({ locations: [{ id: 'L1' }] });
  waapify = await startSandboxWaapify({ instances: [{ id: INSTANCE }] });
});
afterEach(async () => {
  await Promise.all([ghl.stop(), waapify.stop()]);
  await bridge.stop();
});

const control = (sandbox: { url: string }, method: string, path: string, json?: unknown): Promise<Answered> =>
  call(method, `${sandbox.url}/__sandbox${path}`, json === undefined ? {} : { json });
const post = async (sandbox: { url: string }, path: string, json: unknown): Promise<Answered> => {
  const answer = await control(sandbox, 'POST', path, json);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer;
};

describe('GHL from another process', () => {
  it('sends as the agent, redelivers, posts events and shows messages', async () => {
    const facts = await control(ghl, 'GET', '');
    expect(textAt(facts, 'publicKeyPem')).toBe(ghl.publicKeyPem);
    await post(ghl, '/providers', { id: 'sbx-provider-sms', deliveryUrl: `${bridge.url}/d` });
    const sent = await post(ghl, '/agent-sends', { locationId: 'L1', phone: `+${NUMBER}`, text: 'x' });
    const messageId = textAt(sent, 'messageId');
    await post(ghl, '/redeliver', { messageId, tamper: { signature: 'missing' } });
    await post(ghl, '/events', { type: 'INSTALL', url: `${bridge.url}/w`, locationId: 'L1' });
    expect(bridge.posts.entries.map(({ path }) => path)).toEqual(['/d', '/d', '/w']);
    expect((await control(ghl, 'GET', `/messages/${messageId}`)).json).toMatchObject({
      body: 'x',
      deliveries: [{}, {}],
    });
    expect((await control(ghl, 'GET', '/messages?locationId=L2')).json).toEqual({ messages: [] });
    expect((await control(ghl, 'GET', '/contacts?locationId=L1')).json).toMatchObject({
      contacts: [{ phone: `+${NUMBER}` }],
    });
  });

  it('changes what the stand-in knows, and its faults', async () => {
    await post(ghl, '/locations', { id: 'L9', country: 'SG' });
    const contact = textAt(await post(ghl, '/contacts', { locationId: 'L9', phone: '+6511112222' }), 'id');
    await post(ghl, '/contacts/delete', { id: contact });
    expect(ghl.contacts('L9')).toEqual([]);
    const token = textAt(await post(ghl, '/tokens/issue', { id: 'L9' }), 'accessToken');
    const get = async () => (await call('GET', `${ghl.url}/locations/L9`, { token })).status;
    expect(await get()).toBe(200);
    await post(ghl, '/faults', { operation: 'location', end: 'status', times: 2 });
    expect(await get()).toBe(500);
    await control(ghl, 'DELETE', '/faults');
    expect(await get()).toBe(200);
    await post(ghl, '/tokens/expire', { id: 'L9' });
    expect(await get()).toBe(401);
    await post(ghl, '/tokens/revoke', { id: 'L9' });
    const settings = await control(ghl, 'PATCH', '/settings', { statusWindowMs: 7, rateLimit: { max: 5 } });
    expect(settings.json).toMatchObject({ statusWindowMs: 7, rateLimit: { max: 5, intervalMs: 10_000 } });
  });

  it('lets a journal be followed: a page from a number on, and a wait for the next', async () => {
    await call('GET', `${ghl.url}/nowhere`);
    expect((await control(ghl, 'GET', '/journal')).json).toMatchObject({ entries: [{ n: 1, path: '/nowhere' }] });
    const next = control(ghl, 'GET', '/journal?after=1&waitMs=5000');
    await call('GET', `${ghl.url}/elsewhere`);
    expect((await next).json).toMatchObject({ entries: [{ n: 2, path: '/elsewhere' }] });
    expect((await control(ghl, 'GET', '/journal?after=2&waitMs=1')).json).toEqual({ entries: [] });
  });

  it('names what is wrong with a control, and is not fooled by unknown ones', async () => {
    const wrong = await control(ghl, 'POST', '/faults', { operation: 'nonsense', end: 'pass', extra: 1 });
    expect(wrong.status).toBe(400);
    expect(wrong.json).toMatchObject({ code: 'invalid_input' });
    expect((await control(ghl, 'POST', '/redeliver', { messageId: 'x' })).status).toBe(404);
    expect((await control(ghl, 'GET', '/journal?after=-1')).status).toBe(400);
    expect((await control(ghl, 'GET', '/nonsense')).status).toBe(404);
    expect(ghl.journal.entries).toHaveLength(0);
  });

  it('goes away for a while, after its answer', async () => {
    await post(ghl, '/pause', { ms: 60_000 });
    const gone = () =>
      control(ghl, 'GET', '').then(
        () => false,
        () => true,
      );
    let isGone = false;
    while (!isGone) isGone = await gone();
    await ghl.resume();
    expect((await control(ghl, 'GET', '')).status).toBe(200);
  });
});

describe('Waapify from another process', () => {
  it('is scanned, plays people and webhooks, and shows what went out', async () => {
    waapify.instance(INSTANCE).webhook = { url: `${bridge.url}/h`, enabled: true };
    await post(waapify, '/auto', { instanceId: INSTANCE, echo: false, server: false, delivered: false, read: false });
    await post(waapify, '/scan', { instanceId: INSTANCE, number: '60110000002' });
    const gatewayId = textAt(await sendText(waapify, 'x'), 'data.key.id');
    expect((await control(waapify, 'GET', '/sends')).json).toMatchObject({ entries: [{ text: 'x', gatewayId }] });
    await post(waapify, '/webhook-faults', { action: 'hold' });
    await post(waapify, '/echo', { gatewayId });
    await post(waapify, '/receipt', { gatewayId, status: 4 });
    await post(waapify, '/release', {});
    await post(waapify, '/customer-writes', { instanceId: INSTANCE, from: NUMBER, text: 'hi' });
    await post(waapify, '/phone-writes', { instanceId: INSTANCE, to: NUMBER, text: 'me' });
    await post(waapify, '/post-webhook', { instanceId: INSTANCE, body: '{' });
    await post(waapify, '/connection-event', { instanceId: INSTANCE });
    await post(waapify, '/customer-calls', { instanceId: INSTANCE, from: NUMBER, status: 'timeout' });
    await post(waapify, '/tell-contacts', { instanceId: INSTANCE, contacts: [{ id: `${NUMBER}@s.whatsapp.net` }] });
    expect(bridge.posts.entries).toHaveLength(8);
    const webhooks = await control(waapify, 'GET', '/webhooks?after=1');
    expect(webhooks.json).toMatchObject({
      entries: ['receipt', 'echo', 'message', 'own', 'raw', 'connection', 'call', 'contacts'].map((kind) => ({ kind })),
    });
    await post(waapify, '/state', { instanceId: INSTANCE, state: 'logged_out' });
    expect((await sendText(waapify, 'x')).text).toContain('relogin');
  });

  it('changes settings, contacts, instances and faults', async () => {
    await post(waapify, '/settings', { successShape: 'v2' });
    await post(waapify, '/contacts', { number: NUMBER, lid: null });
    await post(waapify, '/instances', { id: 'AAAAAAAAAAAAA', number: '60110000003' });
    await post(waapify, '/faults', { end: 'null', times: 2 });
    expect(waapify.pendingFaults()).toBe(1);
    await control(waapify, 'DELETE', '/faults');
    expect(waapify.pendingFaults()).toBe(0);
    const facts = await control(waapify, 'GET', '');
    expect(facts.json).toMatchObject({
      baseUrl: waapify.baseUrl,
      settings: { successShape: 'v2', spintax: true },
      instances: [
        { id: INSTANCE, state: 'created' },
        { id: 'AAAAAAAAAAAAA', state: 'connected' },
      ],
    });
    expect(facts.text).not.toContain(waapify.token);
    await post(waapify, '/reset-connections', { count: 0 });
    expect((await control(waapify, 'POST', '/scan', { instanceId: 'nobody', number: '6' })).status).toBe(404);
    expect((await control(waapify, 'GET', '/journal')).json).toEqual({ entries: [] });
  });
});
