import { findDuplicates, findLost } from '../../src/sandbox/checkers';
import { startSandboxWaapify, WAAPIFY_FAULTS, type SandboxWaapify } from '../../src/sandbox/waapify';
import { textAt } from '../support/sandboxCalls';
import { abandoned, gateway, INSTANCE, NUMBER, sendText } from '../support/sandboxGateway';
import { startReceiver, type Receiver } from '../support/sandboxReceiver';

let waapify: SandboxWaapify;
let bridge: Receiver;

beforeEach(async () => {
  bridge = await startReceiver();
  const webhook = { url: `${bridge.url}/hook`, enabled: true };
  waapify = await startSandboxWaapify({
    instances: [{ id: INSTANCE, number: '60110000001', webhook, auto: { echo: true, delivered: true } }],
  });
});
afterEach(async () => {
  await waapify.stop();
  await bridge.stop();
});

const events = () => JSON.stringify(bridge.posts.entries.map(({ json }) => json));

describe('answers with HTTP 200 that are none', () => {
  it.each([
    ['nullAfterSending', /^null$/, 1],
    ['nullWithoutSending', /^null$/, 0],
    ['successWithoutId', /^\{"status":"success","message":"Success"\}$/, 1],
    ['htmlAfterSending', /^<!DOCTYPE html>/, 1],
    ['htmlWithoutSending', /^<!DOCTYPE html>/, 0],
    ['quota', /exceeded the maximum number of messages/, 0],
    ['accountGone', /Account does not exist/, 0],
  ] as const)('%s', async (name, body, sent) => {
    waapify.fault(WAAPIFY_FAULTS[name]);
    const answer = await sendText(waapify, 'x');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect(answer.text).toMatch(body);
    expect(waapify.sends()).toHaveLength(sent);
    expect(waapify.requests.entries[0]?.end).toBe(WAAPIFY_FAULTS[name].end);
  });

  it('puts a PHP notice before a true answer', async () => {
    waapify.fault(WAAPIFY_FAULTS.phpNotice);
    const { text } = await sendText(waapify, 'x');
    expect(text).toMatch(/^\nNotice: /);
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ status: 'success' });
    expect(waapify.sends()).toHaveLength(1);
  });

  it('echoes a message whose answer was null', async () => {
    waapify.fault(WAAPIFY_FAULTS.nullAfterSending);
    await sendText(waapify, 'x');
    await bridge.posts.waitFor(({ n }) => n === 2);
    expect(events()).toContain(waapify.sends()[0]?.gatewayId);
  });
});

describe('no answer', () => {
  const bothWebhooks = () => bridge.posts.waitFor(({ n }) => n === 2);

  it('hangs after sending: the echo comes, the answer does not', async () => {
    waapify.fault(WAAPIFY_FAULTS.hangAfterSending);
    expect(await abandoned((options) => sendText(waapify, 'x', options), bothWebhooks)).toBe(true);
    expect(waapify.sends()).toHaveLength(1);
    expect(waapify.requests.entries).toMatchObject([{ status: 0, end: 'hang' }]);
  });

  it('hangs without sending', async () => {
    waapify.fault(WAAPIFY_FAULTS.hangWithoutSending);
    const received = () => waapify.requests.waitFor(() => true);
    expect(await abandoned((options) => sendText(waapify, 'x', options), received)).toBe(true);
    expect(waapify.sends()).toHaveLength(0);
  });

  it('sends even after the client has given up', async () => {
    waapify.fault({ end: 'hang', sent: true, sendAfterMs: 100 });
    const received = () => waapify.requests.waitFor(() => true);
    expect(await abandoned((options) => sendText(waapify, 'late', options), received)).toBe(true);
    expect(waapify.sends()).toHaveLength(0);
    await waapify.sendJournal.waitFor(({ text }) => text === 'late');
    await bothWebhooks();
  });

  it.each([
    ['resetAfterSending', 1],
    ['resetWithoutSending', 0],
  ] as const)('%s', async (name, sent) => {
    waapify.fault(WAAPIFY_FAULTS[name]);
    await expect(sendText(waapify, 'x')).rejects.toThrow();
    expect(waapify.sends()).toHaveLength(sent);
    expect(waapify.requests.entries).toMatchObject([{ status: 0, end: 'reset' }]);
  });

  it('answers 500, refuses connections while paused, and resets before anything is read', async () => {
    waapify.fault(WAAPIFY_FAULTS.http500);
    expect((await sendText(waapify, 'x')).status).toBe(500);
    await waapify.pause();
    await expect(sendText(waapify, 'x')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await waapify.resume();
    waapify.resetConnections(1);
    await expect(sendText(waapify, 'x')).rejects.toThrow();
    expect(waapify.sends()).toHaveLength(0);
    expect((await sendText(waapify, 'x')).status).toBe(200);
  });

  it('comes back by itself after a pause', async () => {
    await waapify.pauseFor(30);
    await expect(sendText(waapify, 'x')).rejects.toThrow();
    const deadline = Date.now() + 5_000;
    let status: number | undefined;
    while (status === undefined && Date.now() < deadline) {
      status = await sendText(waapify, 'x').then(
        (answer) => answer.status,
        () => undefined,
      );
    }
    expect(status).toBe(200);
  });
});

describe('late answers', () => {
  it('sends at once and answers late', async () => {
    waapify.fault({ end: 'null', sent: true, replyAfterMs: 60 });
    const started = Date.now();
    let answered = false;
    const answer = sendText(waapify, 'x').finally(() => {
      answered = true;
    });
    await waapify.sendJournal.waitFor(() => true);
    expect(answered).toBe(false);
    expect((await answer).text).toBe('null');
    // Node's timers may be a millisecond early by the wall clock.
    expect(Date.now() - started).toBeGreaterThanOrEqual(58);
  });

  it('sends late and answers truly', async () => {
    waapify.fault({ end: 'pass', sendAfterMs: 30, replyAfterMs: 30 });
    const answer = sendText(waapify, 'x');
    await waapify.requests.waitFor(() => true);
    expect(waapify.sends()).toHaveLength(0);
    expect(textAt(await answer, 'status')).toBe('success');
  });
});

describe('webhooks around a send', () => {
  it('posts the echo before the reply', async () => {
    waapify.fault(WAAPIFY_FAULTS.echoBeforeReply);
    const answer = await sendText(waapify, 'x');
    expect(events()).toContain(textAt(answer, 'data.key.id'));
    await bridge.posts.waitFor(({ n }) => n === 2);
    expect(events().match(/messages\.upsert/g)).toHaveLength(1);
  });

  it('loses the echo, and refuses afterwards with code 463', async () => {
    waapify.fault(WAAPIFY_FAULTS.echoLost);
    await sendText(waapify, 'a');
    await bridge.posts.waitFor(({ n }) => n === 1);
    expect(events()).not.toContain('messages.upsert');
    waapify.fault(WAAPIFY_FAULTS.nack463);
    await sendText(waapify, 'b');
    await bridge.posts.waitFor(({ n }) => n === 3);
    expect(bridge.posts.entries[2]?.json).toMatchObject({
      data: { data: [{ update: { status: 0, messageStubParameters: ['463'] } }] },
    });
  });

  it('logs out in the middle of a queue', async () => {
    await sendText(waapify, 'a');
    waapify.fault(WAAPIFY_FAULTS.loggedOut);
    expect((await sendText(waapify, 'b')).json).toMatchObject({ relogin: true });
    expect((await sendText(waapify, 'c')).json).toMatchObject({ relogin: true });
    waapify.scanQr(INSTANCE, '60110000001');
    await sendText(waapify, 'b');
    const expected = ['a', 'b', 'c'].map((text) => ({ number: NUMBER, text }));
    expect(findLost(expected, waapify.sends())).toEqual([expected[2]]);
    expect(findDuplicates(waapify.sends())).toEqual([]);
  });
});

describe('which requests a fault spoils', () => {
  it('only those with its text, number and instance, so many times', async () => {
    waapify.fault({ end: 'error', text: 'red', times: 2 });
    waapify.fault({ end: 'error', number: '60199999999' });
    waapify.fault({ end: 'error', instanceId: 'OTHER' });
    const statuses = [];
    for (const text of ['blue', 'a red b', 'red', 'red'])
      statuses.push(textAt(await sendText(waapify, text), 'status'));
    expect(statuses).toEqual(['success', 'error', 'error', 'success']);
    expect(waapify.pendingFaults()).toBe(2);
    waapify.clearFaults();
    expect(waapify.pendingFaults()).toBe(0);
  });

  it('sends by default, and check_phone or another endpoint when named', async () => {
    waapify.fault({ end: 'null' });
    waapify.fault({ end: 'hang', type: 'check_phone' });
    waapify.fault({ end: 'html', endpoint: 'reconnect' });
    const check = { type: 'check_phone', number: NUMBER };
    const received = () => waapify.requests.waitFor(() => true);
    expect(await abandoned((options) => gateway(waapify, 'send.php', check, options), received)).toBe(true);
    expect((await gateway(waapify, 'send.php', check)).json).toMatchObject({ Message: 'available' });
    expect((await gateway(waapify, 'reconnect.php')).text).toContain('<html>');
    expect((await sendText(waapify, 'x')).text).toBe('null');
  });
});
