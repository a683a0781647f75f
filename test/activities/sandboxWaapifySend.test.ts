import { createHash } from 'node:crypto';
import { text } from '../../src/sandbox/kit/answer';
import { startHttpServer } from '../../src/sandbox/kit/http';
import { startSandboxWaapify, type SandboxWaapify } from '../../src/sandbox/waapify';
import { call, textAt } from '../support/sandboxCalls';
import { gateway, INSTANCE, NUMBER, sendText } from '../support/sandboxGateway';

let waapify: SandboxWaapify;

beforeEach(async () => {
  waapify = await startSandboxWaapify();
});
afterEach(() => waapify.stop());

const failure = (message: string) => ({ status: 'error', message });

describe('send', () => {
  it('sends, answers in the v1 form as text/html with HTTP 200, and notes what went out', async () => {
    const answer = await sendText(waapify, 'hello');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.json).toMatchObject({
      status: 'success',
      data: { key: { remoteJid: `${NUMBER}@s.whatsapp.net`, fromMe: true }, status: 'PENDING' },
    });
    const gatewayId = textAt(answer, 'data.key.id');
    expect(gatewayId).toMatch(/^3EB0[0-9A-F]{18}$/);
    expect(waapify.sends(INSTANCE)).toMatchObject([
      { n: 1, instanceId: INSTANCE, number: NUMBER, type: 'text', text: 'hello', gatewayId },
    ]);
    expect(waapify.sends('OTHER')).toEqual([]);
  });

  it('answers in the v2 form, and with the key `message` twice', async () => {
    waapify.configure({ successShape: 'v2' });
    expect(textAt(await sendText(waapify, 'a'), 'message.key.id')).toMatch(/^3EB0/);
    waapify.configure({ successShape: 'v2_duplicate_key' });
    const answer = await sendText(waapify, 'b');
    expect(answer.text).toMatch(/^\{"status":"success","message":"Success","message":\{/);
    expect(textAt(answer, 'message.key.id')).toMatch(/^3EB0/);
  });

  it('carries emoji, line breaks and 4,000 signs unharmed', async () => {
    const message = `+60 & 100% "q"\n${'👩‍👩‍👧‍👦é漢'.repeat(400)}`;
    await sendText(waapify, message);
    expect(waapify.sends()[0]?.text).toBe(message);
  });

  it('stops at a length of address where that is switched on', async () => {
    waapify.configure({ maxUrlBytes: 8_192 });
    expect((await sendText(waapify, '👋'.repeat(700))).status).toBe(414);
    expect((await sendText(waapify, '👋'.repeat(500))).status).toBe(200);
    expect(waapify.sends()).toHaveLength(1);
  });

  it('plays spintax as the product does, until that is switched off', async () => {
    await sendText(waapify, 'a {hi|hello} {b} |');
    waapify.configure({ spintax: false });
    await sendText(waapify, '{hi|hello}');
    expect(waapify.sends().map((send) => send.text)).toEqual(['a hi {b} |', '{hi|hello}']);
  });

  it('reads the query only in v1; form and JSON bodies, JSON before the query, in v2', async () => {
    const params = { access_token: waapify.token, instance_id: INSTANCE, type: 'text', number: NUMBER };
    const v1 = await call('POST', `${waapify.baseUrl}/send.php`, { form: { ...params, message: 'a' } });
    expect(v1.json).toEqual(failure('Access token does not exist'));
    await call('POST', `${waapify.baseUrl}/send`, { form: { ...params, message: 'form' } });
    await call('POST', `${waapify.baseUrl}/send?message=query`, { json: { ...params, message: 'json' } });
    const get = await call(
      'GET',
      `${waapify.baseUrl}/send?${new URLSearchParams({ ...params, message: 'get' }).toString()}`,
    );
    expect(get.headers.get('content-type')).toContain('application/json');
    expect(waapify.sends().map((send) => send.text)).toEqual(['form', 'json', 'get']);
  });

  it.each([
    [{ access_token: 'wrong' }, 'Access token does not exist'],
    [{ instance_id: '' }, 'Instance ID is required'],
    [{ instance_id: 'FFFFFFFFFFFFF' }, 'Instance ID Invalidated'],
    [{ type: 'image' }, 'Message type not supported'],
    [{ number: '' }, 'Phone number is required'],
    [{ message: '' }, 'Please enter media url or message'],
    [{ type: 'media' }, 'Please enter media url or message'],
  ])('refuses %j with HTTP 200 and words', async (params, words) => {
    const answer = await gateway(waapify, 'send.php', { type: 'text', number: NUMBER, message: 'x', ...params });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(failure(words));
    expect(waapify.sends()).toEqual([]);
  });

  it('refuses the instance of another team', async () => {
    waapify.addInstance({ id: 'AAAAAAAAAAAAA', token: 'other', number: '6011' });
    const answer = await gateway(waapify, 'send.php', { instance_id: 'AAAAAAAAAAAAA', type: 'text' });
    expect(answer.json).toEqual(failure('Instance ID Invalidated'));
  });

  it('accepts a number that is no digits, which then never leaves', async () => {
    const params = { type: 'text', number: `+${NUMBER}`, message: 'x' };
    expect(textAt(await gateway(waapify, 'send.php', params), 'data.status')).toBe('PENDING');
    expect(waapify.sends()).toEqual([]);
    expect(waapify.requests.entries.at(-1)?.note).toContain('malformed');
  });

  it('sends media and templates, and to groups by either path', async () => {
    const media = { type: 'media', number: NUMBER, message: 'cap', media_url: 'http://h/a.pdf', filename: 'A.pdf' };
    await gateway(waapify, 'send.php', media);
    await gateway(waapify, 'send.php', { type: 'template', number: NUMBER, message: 'welcome' });
    const group = { type: 'text', group_id: '120363001@g.us', message: 'all' };
    await gateway(waapify, 'sendgroupmsg.php', group);
    await gateway(waapify, 'send_group', group);
    expect(waapify.sends()).toMatchObject([
      { type: 'media', text: 'cap', mediaUrl: 'http://h/a.pdf', filename: 'A.pdf' },
      { type: 'template', text: 'welcome' },
      { number: '120363001@g.us', text: 'all' },
      { number: '120363001@g.us', text: 'all' },
    ]);
  });

  it('fetches media like the real one where that is switched on', async () => {
    waapify.configure({ fetchMedia: true });
    const files = await startHttpServer(async ({ path }) => text(path === '/a.png' ? 200 : 404, 'bytes', 'image/png'));
    const send = (name: string) =>
      gateway(waapify, 'send.php', { type: 'media', number: NUMBER, media_url: `${files.url}/${name}` });
    await send('a.png');
    expect((await send('gone.png')).json).toEqual(failure('Cannot find the media'));
    await files.stop();
    expect((await send('a.png')).json).toEqual(failure('Cannot find the media'));
    const sha256 = createHash('sha256').update('bytes').digest('hex');
    expect(waapify.sends()).toMatchObject([{ media: { status: 200, contentType: 'image/png', bytes: 5, sha256 } }]);
  });
});

describe('check_phone', () => {
  const check = (number = NUMBER) => gateway(waapify, 'send.php', { type: 'check_phone', number });

  it('tells jid and LID of a number, the same LID each time', async () => {
    const answer = await check();
    expect(answer.json).toMatchObject({
      Status: 'success',
      Message: 'available',
      Number: NUMBER,
      Data: [{ jid: `${NUMBER}@s.whatsapp.net`, exists: true, lid: expect.stringMatching(/^\d+@lid$/) as string }],
    });
    expect((await check()).text).toBe(answer.text);
    waapify.setContact(NUMBER, { lid: '77@lid' });
    expect((await check()).text).toContain('77@lid');
    expect(waapify.sends()).toEqual([]);
  });

  it.each([
    ['exists_false' as const, { Data: [{ exists: false }] }],
    ['empty_data' as const, { Data: [] }],
    ['error' as const, { Status: 'error' }],
  ])('says no in the form %s', async (negativeCheck, expected) => {
    waapify.configure({ negativeCheck });
    waapify.setContact(NUMBER, { exists: false });
    expect((await check()).json).toMatchObject(expected);
  });
});

describe('the journal of requests', () => {
  it('has no access token and no webhook secret', async () => {
    await sendText(waapify, 'x');
    await gateway(waapify, 'setwebhook.php', { webhook_url: 'http://b/hooks/secret', enable: 'true' });
    const journal = JSON.stringify([waapify.requests.entries, waapify.sends()]);
    expect(waapify.requests.entries).toMatchObject([
      { endpoint: 'send', generation: 'v1', params: { message: 'x' }, status: 200, end: 'pass' },
      { endpoint: 'setwebhook' },
    ]);
    expect(journal).not.toContain(waapify.token);
    expect(journal).not.toContain('secret');
  });
});
