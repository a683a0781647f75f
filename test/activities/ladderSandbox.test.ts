import { createWaapifyAdapter } from '../../src/channels/whatsapp/adapter';
import { ERROR_LADDER } from '../../src/channels/whatsapp/errorLadder';
import type { SendOutcome } from '../../src/channels/gateway';
import { startSandboxWaapify, type SandboxWaapify } from '../../src/sandbox/waapify';
import { LADDER_TEXTS } from '../support/ladderTexts';
import { INSTANCE } from '../support/sandboxGateway';

const adapter = createWaapifyAdapter({ timeoutMs: 10_000 });
let waapify: SandboxWaapify;

beforeEach(async () => (waapify = await startSandboxWaapify()));
afterEach(() => waapify.stop());

const endpoint = (dialect: 'php-v1' | 'slash-v2' = 'php-v1') => {
  const { baseUrl, token } = waapify;
  return { connectionId: 'c1', baseUrl, token, instanceId: INSTANCE, dialect };
};
const send = (dialect?: 'php-v1' | 'slash-v2'): Promise<SendOutcome> => {
  const guard = { timeoutMs: 10_000, attemptToken: 't', mayWrite: () => true };
  const to = { channel: 'whatsapp' as const, value: '+60123456789' };
  return adapter.send(endpoint(dialect), to, { kind: 'text', text: 'Hello' }, guard);
};

describe('each text of the ladder, from a gateway', () => {
  const rows = ERROR_LADDER.flatMap((row) => (LADDER_TEXTS[row.code] ?? []).map((text) => [text, row] as const));

  it.each(rows)('%j on a send', async (text, { code, outcome, ghl }) => {
    for (const dialect of ['php-v1', 'slash-v2'] as const) {
      waapify.fault({ end: 'error', message: text });
      expect(await send(dialect)).toEqual({ ...outcome, code, text: ghl });
    }
    expect(waapify.sends()).toEqual([]);
  });

  it.each(rows)('%j on a probe', async (text, { code, outcome, ghl, ops }) => {
    waapify.fault({ end: 'error', message: text, endpoint: 'reconnect' });
    const state = outcome.kind === 'held' ? outcome.state : 'disconnected';
    const held = { kind: 'held', state, code, text: ops, words: ghl };
    expect(await adapter.probe(endpoint())).toEqual(code === 'already_connected' ? { kind: 'connected' } : held);
  });

  it('the flag of a lost session, whatever stands beside it', async () => {
    for (const message of ['Error', 'Your subscription has expired']) {
      waapify.fault({ end: 'error', message, relogin: true });
      expect(await send()).toMatchObject({ kind: 'held', state: 'relogin', code: 'logged_out' });
    }
  });
});

describe("the stand-in's plan", () => {
  it('lets so many messages out, then none until it is reset', async () => {
    waapify.setPlan(INSTANCE, { messagesLeft: 1 });
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(await send()).toMatchObject({ kind: 'held', state: 'quota' });
    expect(await adapter.probe(endpoint())).toMatchObject({ kind: 'connected' });
    waapify.setPlan(INSTANCE, { messagesLeft: 1 });
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(waapify.sends()).toHaveLength(2);
  });

  it('lets none out once it has expired, until it is renewed', async () => {
    waapify.setPlan(INSTANCE, { expired: true });
    expect(await send()).toMatchObject({ kind: 'held', state: 'billing' });
    waapify.setPlan(INSTANCE, { expired: false });
    expect(await send()).toMatchObject({ kind: 'accepted' });
  });
});

test("one instance's faults are taken back, another's stay", () => {
  waapify.fault({ end: 'error', instanceId: INSTANCE });
  waapify.fault({ end: 'error', instanceId: 'OTHER' });
  waapify.clearFaults(INSTANCE);
  expect(waapify.pendingFaults()).toBe(1);
  waapify.clearFaults();
  expect(waapify.pendingFaults()).toBe(0);
});
