import { startSandboxWaapify, type SandboxWaapify } from '../../src/sandbox/waapify';
import { textAt } from '../support/sandboxCalls';
import { gateway, INSTANCE, sendText } from '../support/sandboxGateway';

let waapify: SandboxWaapify;

beforeEach(async () => {
  waapify = await startSandboxWaapify({ instances: [{ id: INSTANCE }] });
});
afterEach(() => waapify.stop());

const message = async (endpoint: string, params?: Record<string, string>) =>
  textAt(await gateway(waapify, endpoint, params), 'message');

describe('the life of an instance', () => {
  it('is activated by a scan and tells its number', async () => {
    expect(textAt(await sendText(waapify, 'x'), 'message')).toContain('not been activated yet');
    expect((await gateway(waapify, 'reconnect.php')).json).toEqual({
      status: 'error',
      message: 'Error',
      relogin: true,
    });
    const qr = await gateway(waapify, 'getqrcode.php');
    expect(textAt(qr, 'base64')).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);
    expect(waapify.instance(INSTANCE).state).toBe('qr');
    waapify.scanQr(INSTANCE, '60110000002');
    expect(await message('getqrcode.php')).toBe('Instance ID has been used');
    expect(textAt(await gateway(waapify, 'reconnect.php'), 'data.id')).toMatch(/^60110000002:\d+@s\.whatsapp\.net$/);
    expect(textAt(await sendText(waapify, 'x'), 'status')).toBe('success');
  });

  it('shows the QR code as a raw PNG where that is switched on', async () => {
    waapify.configure({ qrAs: 'png' });
    const answer = await gateway(waapify, 'get_qrcode');
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.text).toContain('PNG');
  });

  it('asks for a new login once logged out, and after a reboot', async () => {
    waapify.scanQr(INSTANCE, '60110000002');
    waapify.setState(INSTANCE, 'logged_out');
    expect((await sendText(waapify, 'x')).json).toMatchObject({ message: 'Relogin required', relogin: true });
    waapify.scanQr(INSTANCE, '60110000002');
    expect(await message('reboot.php')).toBe('Success');
    expect(waapify.instance(INSTANCE).state).toBe('logged_out');
    expect(await message('get_qrcode')).toBe('Success');
    expect(waapify.sends()).toEqual([]);
  });

  it('finds a lost session again by reconnect', async () => {
    waapify.scanQr(INSTANCE, '60110000002');
    waapify.setState(INSTANCE, 'no_session');
    expect(textAt(await sendText(waapify, 'x'), 'message')).toContain('session could not be found');
    expect(await message('reconnect')).toBe('Success');
    expect(textAt(await sendText(waapify, 'x'), 'status')).toBe('success');
  });

  it('gets another id by a reset, and forgets its webhook', async () => {
    await gateway(waapify, 'setwebhook.php', { webhook_url: 'http://127.0.0.1:9/x', enable: 'true' });
    const answer = await gateway(waapify, 'reset_instance');
    const [fresh] = waapify.instances();
    expect(answer.text).not.toContain(fresh?.id);
    expect(fresh).toMatchObject({ state: 'created' });
    expect(fresh?.webhook).toBeUndefined();
    expect(await message('reconnect.php')).toBe('Instance ID Invalidated');
  });

  it('wakes who waits for a change of state', async () => {
    const connected = waapify.waitFor(() => waapify.instance(INSTANCE).state === 'connected');
    waapify.scanQr(INSTANCE, '60110000002');
    await expect(connected).resolves.toBe(true);
  });
});

describe('createinstance', () => {
  it('hands out an unused one again, and stops at the plan', async () => {
    const create = async () => textAt(await gateway(waapify, 'createinstance.php'), 'instance_id');
    expect(await create()).toBe(INSTANCE);
    waapify.scanQr(INSTANCE, '60110000002');
    const next = await create();
    expect(next).toMatch(/^[0-9A-F]{13}$/);
    waapify.scanQr(next, '60110000003');
    waapify.configure({ maxInstances: 2 });
    expect(await message('create_instance')).toBe('You can only add up to 2 Whatsapp accounts');
    expect(await message('createinstance.php', { access_token: 'wrong' })).toBe('Access token does not exist');
  });
});

describe('setwebhook', () => {
  it('saves one address, on only by the word true', async () => {
    const set = (params: Record<string, string>) => message('setwebhook.php', params);
    expect(await set({ webhook_url: 'http://127.0.0.1:9/a', enable: 'true' })).toBe('Webhook URI Saved');
    expect(waapify.instance(INSTANCE).webhook).toEqual({ url: 'http://127.0.0.1:9/a', enabled: true });
    await set({ webhook_url: 'http://127.0.0.1:9/b', enable: '1' });
    expect(waapify.instance(INSTANCE).webhook).toEqual({ url: 'http://127.0.0.1:9/b', enabled: false });
    expect(await set({ enable: 'true' })).toBe('Webhook URL is required');
    expect(await set({ webhook_url: 'nonsense', enable: 'true' })).toBe('Webhook is not a valid URL');
    expect(await set({ webhook_url: 'http://127.0.0.1:9/a' })).toBe('Enable field is required');
  });
});

it('answers an unknown path with an HTML page', async () => {
  const answer = await gateway(waapify, 'send_buttons');
  expect([answer.status, answer.json]).toEqual([404, undefined]);
});
