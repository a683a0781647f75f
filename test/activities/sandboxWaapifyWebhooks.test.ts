import { startSandboxWaapify, type SandboxWaapify } from '../../src/sandbox/waapify';
import { textAt } from '../support/sandboxCalls';
import { INSTANCE, NUMBER, sendText } from '../support/sandboxGateway';
import { startReceiver, type Receiver } from '../support/sandboxReceiver';

const ME = '60110000001';

let waapify: SandboxWaapify;
let bridge: Receiver;

beforeEach(async () => {
  bridge = await startReceiver();
  waapify = await startSandboxWaapify({
    instances: [{ id: INSTANCE, number: ME, auto: {}, webhook: { url: `${bridge.url}/hook`, enabled: true } }],
  });
});
afterEach(async () => {
  await waapify.stop();
  await bridge.stop();
});

const bodies = () => bridge.posts.entries.map(({ json }) => json);
const last = () => bodies().at(-1);
const send = async (message = 'x') => textAt(await sendText(waapify, message), 'data.key.id');
const upsert = (message: object, type = 'notify') => ({
  instance_id: INSTANCE,
  data: { event: 'messages.upsert', data: { type, messages: [message] } },
});
const update = (id: string, change: object) => ({
  instance_id: INSTANCE,
  data: { event: 'messages.update', data: [{ key: { id, fromMe: true }, update: change }] },
});
/** What arrived, in short: `echo` or the number of the receipt. */
const arrived = () =>
  JSON.stringify(bodies())
    .match(/"messages\.upsert"|"update":\{"status":\d/g)
    ?.map((one) => (one.includes('upsert') ? 'echo' : Number(one.at(-1))));

describe('by hand', () => {
  it('posts echoes and receipts only when told', async () => {
    const id = await send('salam');
    expect(bridge.posts.entries).toHaveLength(0);
    await waapify.echo(id);
    expect(last()).toMatchObject(
      upsert({
        key: { id, fromMe: true, remoteJid: `${NUMBER}@s.whatsapp.net` },
        message: { extendedTextMessage: { text: 'salam' } },
      }),
    );
    expect(last()).toHaveProperty('data.data.messages.0.messageTimestamp', expect.any(Number));
    await waapify.receipt(id, 4);
    await waapify.receipt(id, 2);
    expect(last()).toMatchObject(update(id, { status: 2 }));
    await waapify.receipt(id, 0, '463');
    expect(last()).toMatchObject(update(id, { status: 0, messageStubParameters: ['463'] }));
    expect(arrived()).toEqual(['echo', 4, 2, 0]);
  });

  it('posts an echo in both dialects, with another text, and twice', async () => {
    const id = await send('a  b ');
    await waapify.echo(id, { dialect: 'both', text: 'a  b' });
    expect(bodies()).toContainEqual(
      expect.objectContaining({
        data: expect.objectContaining({ event: 'received_message' }) as object,
      }),
    );
    expect(JSON.stringify(bodies())).not.toContain('a  b ');
    await waapify.echo(id);
    expect(bridge.posts.entries).toHaveLength(3);
    await expect(waapify.echo('unknown')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('posts anything: junk, connection events', async () => {
    await waapify.postWebhook(INSTANCE, '<html>');
    expect(bridge.posts.entries.at(-1)?.raw.toString()).toBe('<html>');
    await waapify.postWebhook(INSTANCE, { instance_id: 'OTHER', data: null });
    expect(last()).toEqual({ instance_id: 'OTHER', data: null });
    await waapify.connectionEvent(INSTANCE, 'logout');
    expect(last()).toMatchObject({ data: { event: 'logout' } });
  });
});

describe('by itself', () => {
  it('plays echo and receipts in order, after the reply', async () => {
    waapify.setAuto(INSTANCE, { echo: true, server: true, delivered: true, read: true, delaysMs: { read: 5 } });
    await send();
    await bridge.posts.waitFor(({ n }) => n === 4);
    expect(arrived()).toEqual(['echo', 2, 3, 4]);
  });

  it('plays the receipts backwards where that is switched on, and some only', async () => {
    waapify.setAuto(INSTANCE, { server: true, delivered: true, reversed: true });
    await send();
    await bridge.posts.waitFor(({ n }) => n === 2);
    expect(arrived()).toEqual([3, 2]);
  });

  it('sends no receipts of a number that is not on WhatsApp', async () => {
    waapify.setAuto(INSTANCE, { echo: true, delivered: true });
    waapify.setContact(NUMBER, { exists: false });
    const unreachable = await send('nobody');
    waapify.setContact(NUMBER, { exists: true });
    const reachable = await send('somebody');
    const receiptOf = (id: string) => (json: unknown) => JSON.stringify(json).includes(`"id":"${id}"},"update"`);
    await bridge.posts.waitFor(({ json }) => receiptOf(reachable)(json));
    expect(bodies().filter(receiptOf(unreachable))).toEqual([]);
    expect(arrived()).toEqual(expect.arrayContaining(['echo', 'echo', 3]));
  });

  it('swallows failures, does not try again, and posts nothing without a webhook', async () => {
    bridge.statuses.push(500);
    const id = await send();
    await waapify.echo(id);
    await bridge.pause();
    await waapify.echo(id);
    waapify.instance(INSTANCE).webhook = { url: `${bridge.url}/hook`, enabled: false };
    await waapify.echo(id);
    expect(waapify.webhooks.entries).toMatchObject([
      { outcome: 'posted', status: 500 },
      { outcome: 'posted', status: 0, error: 'ECONNREFUSED' },
      { outcome: 'no_webhook', status: 0 },
    ]);
  });
});

describe('people', () => {
  it('a customer writes, in dialect A, B or both with one id', async () => {
    const a = await waapify.customerWrites({ instanceId: INSTANCE, from: NUMBER, text: 'Hai 👋', name: 'Aisha' });
    expect(a.statuses).toEqual([200]);
    expect(last()).toMatchObject(
      upsert({
        key: { id: a.gatewayId, fromMe: false, remoteJid: `${NUMBER}@s.whatsapp.net` },
        pushName: 'Aisha',
        message: { conversation: 'Hai 👋' },
      }),
    );
    const b = await waapify.customerWrites({ instanceId: INSTANCE, from: `+${NUMBER}`, text: 'b', dialect: 'B' });
    expect(last()).toMatchObject({
      instance_id: INSTANCE,
      data: {
        event: 'received_message',
        message: {
          message_key: { id: b.gatewayId, remoteJid: `${NUMBER}@s.whatsapp.net` },
          from_contact: NUMBER,
          body_message: { type: 'conversation', content: 'b', messages: { conversation: 'b' } },
        },
      },
    });
    const both = await waapify.customerWrites({ instanceId: INSTANCE, from: NUMBER, text: 'c', dialect: 'both' });
    expect(both.statuses).toEqual([200, 200]);
    expect(JSON.stringify(bodies().slice(2)).split(both.gatewayId)).toHaveLength(3);
  });

  it('by LID with the number beside it, by LID alone, in a group, from the past', async () => {
    const write = async (more: object) => {
      await waapify.customerWrites({ instanceId: INSTANCE, from: NUMBER, text: 'x', ...more });
      return last();
    };
    const jid = `${NUMBER}@s.whatsapp.net`;
    expect(await write({ lid: '77@lid' })).toMatchObject(
      upsert({ key: { remoteJid: '77@lid', remoteJidAlt: jid, addressingMode: 'lid' } }),
    );
    expect(JSON.stringify(await write({ lid: '77@lid', lidOnly: true }))).not.toContain(NUMBER);
    expect(await write({ group: '1203@g.us' })).toMatchObject(
      upsert({ key: { remoteJid: '1203@g.us', participant: jid } }),
    );
    expect(await write({ group: '1203@g.us', lid: '77@lid' })).toMatchObject(
      upsert({ key: { participant: '77@lid', participantAlt: jid } }),
    );
    const past = { arrival: 'append', at: 1_700_000_000_000, timestampAs: 'long', id: 'ABC' };
    expect(await write(past)).toMatchObject(
      upsert({ key: { id: 'ABC' }, messageTimestamp: { low: 1_700_000_000, high: 0 } }, 'append'),
    );
    const picture = { imageMessage: { caption: 'see', mimetype: 'image/jpeg' } };
    expect(await write({ content: picture, timestampAs: 'string' })).toMatchObject(upsert({ message: picture }));
  });

  it('somebody types on the phone itself', async () => {
    await waapify.phoneWrites({ instanceId: INSTANCE, to: NUMBER, text: 'from my phone' });
    expect(last()).toMatchObject(
      upsert({
        key: { fromMe: true, remoteJid: `${NUMBER}@s.whatsapp.net` },
        message: { conversation: 'from my phone' },
      }),
    );
    expect(waapify.sends()).toEqual([]);
  });
});

describe('webhook faults', () => {
  it('loses, doubles and delays the next ones of a kind', async () => {
    const id = await send();
    waapify.webhookFault({ kind: 'receipt', action: 'lose' });
    waapify.webhookFault({ kind: 'receipt', action: 'duplicate' });
    waapify.webhookFault({ kind: 'echo', action: 'delay', delayMs: 300 });
    const late = waapify.echo(id);
    await waapify.receipt(id, 2);
    await waapify.receipt(id, 3);
    await waapify.receipt(id, 4);
    await late;
    expect(arrived()).toEqual([3, 3, 4, 'echo']);
    expect(waapify.pendingFaults()).toBe(0);
  });

  it('holds them and lets them go in the other order', async () => {
    waapify.webhookFault({ action: 'hold', times: 3 });
    const id = await send();
    await waapify.echo(id);
    await waapify.receipt(id, 2);
    await waapify.receipt(id, 3);
    expect(bridge.posts.entries).toHaveLength(0);
    await waapify.releaseHeld('reversed');
    expect(arrived()).toEqual([3, 2, 'echo']);
    await waapify.releaseHeld();
    expect(bridge.posts.entries).toHaveLength(3);
  });
});
