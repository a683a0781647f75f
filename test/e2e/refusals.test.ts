import { installAndConnect, startInProcess, type TestBridge } from '../support/bridgeInProcess';
import { expectOnlyForward, toldOf, untilSent, untilTold } from '../support/looks';
import { useTemporal } from '../support/temporalServer';
import { DEFAULT_PROVIDER, INSTANCE, LOCATION, openWorld, PHONE, type World } from '../support/world';
import type { AgentMessage, AgentSent } from '../../src/sandbox/ghl';

interface Problem {
  type: string;
  status: number;
  code: string;
  errors?: { path: string; message: string }[];
}

const temporal = useTemporal();
let world: World;
let bridge: TestBridge;

beforeAll(async () => {
  world = await openWorld(temporal);
  bridge = await startInProcess(world);
  await installAndConnect(world, bridge.admin);
});

afterEach(() => expectOnlyForward(world));

/** Whatever was posted before this is through: nothing of it has reached the gateway but what is named. */
async function expectOnlySent(text: string): Promise<void> {
  const before = world.waapify.sends(INSTANCE).length;
  await world.agentSends(text);
  await untilSent(world, text);
  expect(world.waapify.sends(INSTANCE)).toHaveLength(before + 1);
}

function problemOf({ body }: AgentSent): Problem {
  return JSON.parse(body) as Problem;
}

function pathsOf(sent: AgentSent): string[] {
  return problemOf(sent)
    .errors!.map(({ path }) => path)
    .sort();
}

async function isStored({ messageId }: AgentSent): Promise<boolean> {
  return (await bridge.admin.call('GET', `/admin/v1/messages/${LOCATION}/${messageId}`)).status === 200;
}

describe('a bad body is refused with every bad field named', () => {
  test.each(['locationId', 'messageId', 'contactId', 'type', 'phone'])('%s missing: 400', async (field) => {
    const sent = await world.agentSends(`without ${field}`, { omit: [field] });
    expect(sent.status).toBe(400);
    expect(problemOf(sent)).toMatchObject({ type: 'about:blank', status: 400, code: 'invalid_input' });
    expect(problemOf(sent).errors).toEqual([{ path: field, message: expect.stringMatching(/required/) }]);
    expect(await isStored(sent)).toBe(false);
  });

  test('emailTo missing in an e-mail: 400', async () => {
    const sent = await world.agentSends('an e-mail', { type: 'Email', omit: ['emailTo'] });
    expect(sent.status).toBe(400);
    expect(pathsOf(sent)).toEqual(['emailTo']);
  });

  test('several at once: all of them named, also the phone behind a bad field of another kind', async () => {
    const sent = await world.agentSends('hardly anything', {
      omit: ['locationId', 'contactId', 'phone'],
      extra: { messageId: 7, attachments: 'no list' },
    });
    expect(sent.status).toBe(400);
    expect(pathsOf(sent)).toEqual(['attachments', 'contactId', 'locationId', 'messageId', 'phone']);
  });

  test('no JSON at all: 400', async () => {
    const sent = await world.agentSends('', { rawBody: 'phone=%2B60123456789&message=hello' });
    expect(sent.status).toBe(400);
    expect(pathsOf(sent)).toEqual(['']);
  });

  test('the refusal repeats neither number nor text, and neither does the log', async () => {
    const text = 'a text that stays private';
    const sent = await world.agentSends(text, { omit: ['contactId'] });
    const said = [sent.body, ...bridge.logs].join('\n');
    expect(said).not.toContain(text);
    expect(said).not.toContain(PHONE.slice(1));
  });

  test('nothing of it was sent', () => expectOnlySent('after the bad ones'));
});

test('a body over 256 KB: 413, one just under it is taken', async () => {
  const tooLarge = await world.agentSends('', { rawBody: JSON.stringify({ message: 'x'.repeat(256 * 1024) }) });
  expect(tooLarge.status).toBe(413);
  expect(problemOf(tooLarge).code).toBe('body_too_large');
  const large = await world.agentSends('large', { extra: { unknownField: 'x'.repeat(255 * 1024) } });
  expect(large.status).toBe(200);
  await untilTold(world, large.messageId, 'read');
});

test('a wrong secret: 404 as problem+json, before anything else is looked at', async () => {
  const deliveryUrl = `${world.publicUrl}/ghl/delivery/${DEFAULT_PROVIDER.secret}x`;
  const sent = await world.agentSends('to a wrong address', { deliveryUrl });
  expect(sent.status).toBe(404);
  expect(await isStored(sent)).toBe(false);
  const answer = await fetch(deliveryUrl, { method: 'POST', body: 'no JSON, no signature' });
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
});

describe('what can never be sent: 200, then failed with its reason in GHL', () => {
  const cases: [string, Partial<AgentMessage> & { text: string }, string, RegExp][] = [
    ['unknown type', { text: 'by fax', extra: { type: 'Fax' } }, 'unknown_type', /can not be sent over WhatsApp/],
    [
      'an e-mail at an SMS provider',
      { text: 'by mail', type: 'Email', extra: { emailTo: 'a@example.com' } },
      'unknown_type',
      /Send it as SMS/,
    ],
    ['nothing to send', { text: '' }, 'nothing_to_send', /no text/],
    ['only white space', { text: ' \n\t ' }, 'nothing_to_send', /no text/],
    ['impossible number', { text: 'to nobody', phone: '+6012' }, 'phone_impossible', /can not be a real one/],
    [
      'no number in a Custom post',
      { text: 'to nowhere', type: 'Custom', omit: ['phone'] },
      'phone_missing',
      /no phone number/,
    ],
    [
      'two numbers in one field',
      { text: 'to two', phone: '+60123456789 / +60129876543' },
      'phone_malformed',
      /not written as one number/,
    ],
    [
      'more files than can be sent at once',
      { text: 'see attached', attachments: Array.from({ length: 31 }, (_, n) => `https://files.example.com/${n}.pdf`) },
      'too_many_files',
      /more files than can be sent at once/,
    ],
  ];

  test.each(cases)('%s', async (_name, { text, ...message }, reason, words) => {
    const sent = await world.agentSends(text, message);
    expect(sent.status).toBe(200);
    const failed = await untilTold(world, sent.messageId, 'failed');
    expect(failed.error).toMatchObject({ code: reason, message: expect.stringMatching(words) });
    const answer = await bridge.admin.message(LOCATION, sent.messageId);
    expect(answer).toMatchObject({ state: 'failed', reason });
    expect((await world.ghl.redeliver(sent.messageId)).status).toBe(200);
    await bridge.temporal.client.workflow.getHandle(answer.workflowId).result();
    expect(toldOf(world, sent.messageId)).toEqual(['pending', 'failed']);
    await expectOnlySent(`after ${reason} of "${text}"`);
  });
});
