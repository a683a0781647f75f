import { connected, upsert, upserts } from '../support/gatewayPosts';
import { startHttpApp, type HttpApp } from '../support/httpApp';

let http: HttpApp;
let secret: string;
let connectionId: string;
beforeAll(async () => {
  http = await startHttpApp();
  ({ secret, connectionId } = await connected(http, 'loc1'));
});
afterAll(() => http.close());

/** Posts messages one after the other. Returns what the last one says. */
async function say(...messages: { id: string; message: object }[]): Promise<string | null> {
  for (const { id, message } of messages) {
    const body = upserts({ ...upsert(id, ''), message });
    await fetch(`${http.ingress}/waapify/webhooks/${secret}`, { method: 'POST', body });
  }
  await http.applied();
  const gatewayId = messages.at(-1)?.id ?? '';
  return await http.app.store.messages.wordsOf({ locationId: 'loc1' }, { gateway: 'waapify', connectionId, gatewayId });
}

const reaction = (to: string) => ({ reactionMessage: { key: { id: to, fromMe: false }, text: '👍' } });

test('a reaction names the message that it is about', async () => {
  const hello = { id: 'A1', message: { conversation: 'See you\non Monday' } };
  expect(await say(hello, { id: 'A2', message: reaction('A1') })).toBe('reacted 👍 to: See you on Monday');
});

test('a reaction to what nobody here knows, or to a picture, names none', async () => {
  expect(await say({ id: 'B1', message: reaction('NOBODY') })).toBe('reacted 👍 to a message');
  const picture = { imageMessage: { mediaKey: Buffer.alloc(32).toString('base64'), directPath: '/v/a.enc' } };
  const both = [
    { id: 'B2', message: picture },
    { id: 'B3', message: reaction('B2') },
  ];
  expect(await say(...both)).toBe('reacted 👍 to a message');
});

test('an answer is no reaction', async () => {
  const contextInfo = { stanzaId: 'A1', quotedMessage: { conversation: 'See you' } };
  expect(await say({ id: 'C1', message: { extendedTextMessage: { text: 'fine', contextInfo } } })).toBe('fine');
});
