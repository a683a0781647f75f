import { GHL_FAULTS, startSandboxGhl, type SandboxGhl } from '../../src/sandbox/ghl';
import { call, textAt, type CallOptions } from '../support/sandboxCalls';

let ghl: SandboxGhl;
let token: string;
let contact: string;

beforeEach(async () => {
  ghl = await startSandboxGhl({ locations: [{ id: 'L1' }] });
  token = ghl.issueTokens('L1').accessToken;
  contact = ghl.addContact('L1', { phone: '+60123456789' }).id;
});
afterEach(() => ghl.stop());

const inbound = (options: CallOptions = {}) =>
  call('POST', `${ghl.url}/conversations/messages/inbound`, {
    token,
    json: { type: 'SMS', contactId: contact, message: 'x' },
    ...options,
  });

describe('faults', () => {
  it.each([500, 429, 401, 403])('answers %i the next times, with nothing stored, then is over', async (status) => {
    ghl.fault({ operation: 'inbound', end: 'status', status, times: 2 });
    expect([(await inbound()).status, (await inbound()).status, (await inbound()).status]).toEqual([
      status,
      status,
      200,
    ]);
    expect(ghl.messages()).toHaveLength(1);
    expect(ghl.pendingFaults()).toBe(0);
  });

  it('says a 401 in the words of an expired token, or in those that were asked for', async () => {
    ghl.fault({ operation: 'inbound', end: 'status', status: 401 });
    expect(textAt(await inbound(), 'message')).toBe('Invalid token: access token is invalid');
    ghl.fault({ operation: 'inbound', end: 'status', status: 401, message: 'No message found for the id' });
    expect(textAt(await inbound(), 'message')).toBe('No message found for the id');
    ghl.fault({ operation: 'inbound', end: 'status', status: 200, body: { strange: true } });
    expect((await inbound()).json).toMatchObject({ strange: true });
  });

  it.each([
    [GHL_FAULTS.inboundSwallowed, 0],
    [GHL_FAULTS.inboundStoredSilently, 1],
  ])('answers an empty 201: %j', async (fault, stored) => {
    ghl.fault(fault);
    const answer = await inbound();
    expect([answer.status, answer.text]).toEqual([201, '']);
    expect(ghl.messages()).toHaveLength(stored);
  });

  it('resets the connection after storing, and before', async () => {
    ghl.fault(GHL_FAULTS.inboundAnswerLost);
    await expect(inbound()).rejects.toThrow();
    expect(ghl.messages()).toHaveLength(1);
    ghl.fault({ operation: 'inbound', end: 'reset' });
    await expect(inbound()).rejects.toThrow();
    expect(ghl.messages()).toHaveLength(1);
    expect(ghl.journal.entries.at(-1)).toMatchObject({ status: 0, summary: 'reset' });
  });

  it('hangs until the caller gives up', async () => {
    ghl.fault({ operation: 'inbound', end: 'hang' });
    await expect(inbound({ timeoutMs: 50 })).rejects.toThrow(/timeout/i);
    expect(ghl.messages()).toHaveLength(0);
  });

  it('is slow: the request is known at once, its end later', async () => {
    ghl.fault({ operation: 'inbound', end: 'pass', delayMs: 50 });
    const answer = inbound();
    const entry = await ghl.journal.waitFor(({ operation }) => operation === 'inbound');
    expect(entry.status).toBe(0);
    expect((await answer).status).toBe(200);
    expect(entry.status).toBe(200);
  });

  it('spoils only its own operation and location, or every operation', async () => {
    ghl.fault({ operation: 'status', end: 'status' });
    ghl.fault({ operation: 'inbound', end: 'status', locationId: 'L2' });
    expect((await inbound()).status).toBe(200);
    ghl.clearFaults();
    ghl.fault({ operation: '*', end: 'status', times: 2 });
    expect((await inbound()).status).toBe(500);
    expect((await call('GET', `${ghl.url}/locations/L1`, { token })).status).toBe(500);
  });

  it('refuses a fault that it does not know', () => {
    expect(() => ghl.fault({ operation: 'send' as never, end: 'pass' })).toThrow(
      expect.objectContaining({ code: 'invalid_input' }) as Error,
    );
  });
});

describe('the server', () => {
  it('refuses connections while paused and comes back on the same port', async () => {
    await ghl.pause();
    await expect(inbound()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await ghl.resume();
    expect((await inbound()).status).toBe(200);
  });

  it('resets connections before anything is read', async () => {
    ghl.resetConnections(1);
    await expect(inbound()).rejects.toThrow();
    expect(ghl.journal.entries).toHaveLength(0);
    expect((await inbound()).status).toBe(200);
  });

  it('says when its port is taken', async () => {
    await expect(startSandboxGhl({ port: ghl.port })).rejects.toMatchObject({ code: 'sandbox_port' });
  });
});
