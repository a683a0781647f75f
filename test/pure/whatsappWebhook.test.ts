import type { GatewayEvent } from '../../src/channels/gateway';
import { parseWebhook } from '../../src/channels/whatsapp/webhook';

const INSTANCE = '609ACF283ABCD';
const NOW = 1_760_000_000_000;
const AT = 1_750_000_000;

const parse = (body: unknown, now = NOW): GatewayEvent[] =>
  parseWebhook({ instanceId: INSTANCE }, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), now);
const envelope = (data: unknown) => ({ instance_id: INSTANCE, data });
const upsert = (messages: unknown, type = 'notify') =>
  parse(envelope({ event: 'messages.upsert', data: { type, messages } }));
const received = (message: unknown) => parse(envelope({ event: 'received_message', message }));
const update = (data: unknown) => parse(envelope({ event: 'messages.update', data }));
const message = (key: object, rest: object = {}) => ({
  key: { remoteJid: '60123456789@s.whatsapp.net', fromMe: false, id: 'A1', ...key },
  messageTimestamp: AT,
  message: { conversation: 'hi' },
  ...rest,
});
const PERSON = { channel: 'whatsapp', value: '+60123456789' };

describe('a message', () => {
  test('of the pass-through dialect', () => {
    expect(upsert([message({}, { pushName: ' Siti\n' })])).toEqual([
      {
        kind: 'message',
        gatewayId: 'A1',
        from: PERSON,
        name: 'Siti',
        at: AT * 1000,
        history: false,
        content: { v: 1, text: 'hi' },
      },
    ]);
  });

  test('of the flattened dialect is the same event', () => {
    const flattened = {
      message_key: { remoteJid: '60123456789@s.whatsapp.net', fromMe: false, id: 'A1' },
      push_name: 'Siti',
      from_contact: '60123456789',
      message_timestamp: AT,
      body_message: { type: 'conversation', content: 'hi', messages: { conversation: 'hi' } },
    };
    expect(received(flattened)).toEqual(upsert([message({}, { pushName: 'Siti' })]));
  });

  test('of the flattened dialect has its text even where the raw content is missing, and our time where it has none', () => {
    const flattened = { message_key: message({}).key, body_message: { type: 'conversation', content: 'hi' } };
    expect(received(flattened)).toMatchObject([{ kind: 'message', at: NOW, content: { text: 'hi' } }]);
  });

  test('from us is an own one, whose sender fields say nothing of the chat', () => {
    const own = { fromMe: true, remoteJid: '275612345678901@lid', senderPn: '60199999999@s.whatsapp.net' };
    const lid = '275612345678901';
    expect(upsert([message(own, { pushName: 'Me', status: 2 })])).toEqual([
      { kind: 'own', gatewayId: 'A1', to: null, lid, at: AT * 1000, history: false, content: { v: 1, text: 'hi' } },
    ]);
    expect(upsert([message({ ...own, remoteJidAlt: '60123456789@s.whatsapp.net' })])).toMatchObject([{ to: PERSON }]);
  });

  test('of a history sync says so', () => {
    expect(upsert([message({})], 'append')).toMatchObject([{ history: true }]);
  });
});

describe('the address of a chat by hidden identity', () => {
  const lid = { remoteJid: '275612345678901@lid' };
  test.each([
    ['remoteJidAlt', { remoteJidAlt: '60123456789@s.whatsapp.net', senderPn: '60188888888@s.whatsapp.net' }],
    ['senderPn', { senderPn: '60123456789:4@s.whatsapp.net', participantAlt: '60188888888@s.whatsapp.net' }],
    ['participantAlt', { participantAlt: '60123456789@s.whatsapp.net' }],
  ])('is taken from %s', (_field, alternatives) => {
    expect(upsert([message({ ...lid, ...alternatives })])).toMatchObject([{ from: PERSON }]);
  });

  test('is null where there is no alternative, in both dialects', () => {
    const flattened = {
      message_key: message(lid).key,
      from_contact: '275612345678901',
      body_message: { content: 'hi' },
    };
    expect([...upsert([message(lid)]), ...received(flattened)]).toMatchObject([{ from: null }, { from: null }]);
  });

  test('is null where the alternative is one more hidden identity or bare digits', () => {
    const odd = { remoteJidAlt: '275612345678901@lid', senderPn: '60123456789', participantAlt: 7 };
    expect(upsert([message({ ...lid, ...odd })])).toMatchObject([{ from: null }]);
  });
});

test.each([
  ['seconds', AT, AT * 1000],
  ['seconds in text', String(AT), AT * 1000],
  ['milliseconds', AT * 1000 + 7, AT * 1000 + 7],
  ['halves', { low: AT, high: 0, unsigned: true }, AT * 1000],
  [
    'milliseconds in halves with a negative lower one',
    { low: (AT * 1000) | 0, high: Math.floor(AT / 4294967.296) },
    AT * 1000,
  ],
  ['nothing', undefined, NOW],
  ['nonsense', 'soon', NOW],
  ['zero', 0, NOW],
  ['a number beyond all dates', 1e300, NOW],
  ['half of halves', { low: 'x' }, NOW],
])('a time in %s', (_what, messageTimestamp, expected) => {
  expect(upsert([message({}, { messageTimestamp })])).toMatchObject([{ at: expected }]);
});

test.each([
  ['status@broadcast', 'status broadcast'],
  ['1234567@broadcast', 'broadcast'],
  ['120363012345678901@newsletter', 'newsletter'],
])('what comes from %s is ignored', (remoteJid, what) => {
  expect(upsert([message({ remoteJid, participant: '60123456789@s.whatsapp.net' })])).toEqual([
    { kind: 'ignored', what },
  ]);
});

describe('receipts', () => {
  const receipt = (status: unknown, rest: object = {}) => ({
    key: { id: 'S1', fromMe: true, ...rest },
    update: { status },
  });

  test.each([
    [0, 'nack'],
    [1, 'pending'],
    [2, 'server'],
    [3, 'delivered'],
    [4, 'read'],
    [5, 'read'],
    ['3', 'delivered'],
    ['DELIVERY_ACK', 'delivered'],
  ])('status %j is %s', (status, level) => {
    expect(update([receipt(status)])).toEqual([{ kind: 'receipt', gatewayId: 'S1', level }]);
  });

  test('a refusal carries its code, and only a number', () => {
    const refused = (messageStubParameters: unknown) => ({
      key: { id: 'S1' },
      update: { status: 0, messageStubParameters },
    });
    expect(update([refused(['463']), refused([479]), refused(['call +60123456789']), refused('463')])).toEqual([
      { kind: 'receipt', gatewayId: 'S1', level: 'nack', code: '463' },
      { kind: 'receipt', gatewayId: 'S1', level: 'nack', code: '479' },
      { kind: 'receipt', gatewayId: 'S1', level: 'nack' },
      { kind: 'receipt', gatewayId: 'S1', level: 'nack', code: '463' },
    ]);
  });

  test('one that is not in a list is read too', () => {
    expect(update(receipt(3))).toMatchObject([{ level: 'delivered' }]);
  });

  test('other updates and reads by our own phone are ignored', () => {
    const inbound = receipt(4, { fromMe: false });
    const events = update([{ key: { id: 'S1', fromMe: true }, update: { starred: true } }, inbound]);
    expect(events.map((event) => event.kind)).toEqual(['ignored', 'ignored']);
  });

  test.each([
    [0, { kind: 'receipt', gatewayId: 'S1', level: 'nack' }],
    [1, { kind: 'ignored', what: 'group' }],
    [2, { kind: 'receipt', gatewayId: 'S1', level: 'server' }],
    [3, { kind: 'ignored', what: 'group' }],
    [4, { kind: 'ignored', what: 'group' }],
  ])('of a group what WhatsApp says counts, and not what one member does: status %j', (status, event) => {
    expect(update([receipt(status, { remoteJid: '1203@g.us' })])).toEqual([event]);
  });

  test('a status that nobody knows is junk', () => {
    expect(update([receipt(9), receipt({})]).map((event) => event.kind)).toEqual(['junk', 'junk']);
  });

  test('the status of an own message is not a receipt', () => {
    expect(upsert([message({ fromMe: true }, { status: 3 })]).map((event) => event.kind)).toEqual(['own']);
  });
});

describe('odd shapes', () => {
  test('several messages, in order, and a bad one beside them', () => {
    const events = upsert([message({ id: 'A' }), null, message({ id: '' }), 'x', message({ id: 'B' })]);
    expect(events.map((event) => ('gatewayId' in event ? event.gatewayId : event.kind))).toEqual([
      'A',
      'junk',
      'junk',
      'junk',
      'B',
    ]);
  });

  test('lists where single things belong and single things where lists do', () => {
    const one = message({});
    const shapes = [
      envelope({ event: 'messages.upsert', data: { type: 'notify', messages: one } }),
      envelope({ event: 'messages.upsert', data: { type: 'notify', messages: { 0: one } } }),
      envelope({ event: 'messages.upsert', data: [{ type: 'notify', messages: [one] }] }),
      envelope({ event: 'messages.upsert', data: [one] }),
      envelope({ event: 'messages.upsert', data: one }),
      envelope({ event: 'messages.upsert', messages: [one] }),
      envelope([{ event: 'MESSAGES_UPSERT', data: { messages: [one] } }]),
      [envelope({ event: 'messages.upsert', data: { messages: [one] } })],
      { instance_id: INSTANCE, event: 'messages.upsert', data: { messages: [one] } },
    ];
    for (const shape of shapes)
      expect(parse(shape)).toMatchObject([{ kind: 'message', gatewayId: 'A1', from: PERSON }]);
  });

  test.each([
    ['connection.update', 'connection'],
    ['QR', 'connection'],
    ['logout', 'connection'],
    ['disconnected', 'connection'],
    ['contacts.upsert', 'ignored'],
    ['contacts.update', 'ignored'],
    ['groups.update', 'ignored'],
    ['new subscriber', 'ignored'],
    ['antiban.timelock', 'ignored'],
    ['constructor', 'junk'],
    ['something.new', 'junk'],
  ])('the event %j is %s', (event, kind) => {
    expect(parse(envelope({ event, data: [{}] })).map((entry) => entry.kind)).toEqual([kind]);
  });

  test.each([
    [
      'another instance',
      { instance_id: '609ACF283FFFF', data: { event: 'messages.upsert', data: { messages: [message({})] } } },
    ],
    ['no data', { instance_id: INSTANCE }],
    ['no event', envelope({ message: {} })],
    ['an empty list', []],
    ['no JSON', 'null,'],
    ['nothing', ''],
    ['null', null],
    ['a number', 7],
    ['no messages', envelope({ event: 'messages.upsert', data: { messages: [] } })],
    ['an id that is none', envelope({ event: 'messages.upsert', data: { messages: [message({ id: 'a b' })] } })],
    ['an endless id', envelope({ event: 'messages.upsert', data: { messages: [message({ id: 'a'.repeat(129) })] } })],
  ])('%s is one piece of junk', (_what, body) => {
    expect(parse(body).map((event) => event.kind)).toEqual(['junk']);
  });

  test('the instance is compared whatever its case; a body that names none is trusted for its secret address', () => {
    const data = { event: 'messages.upsert', data: { messages: [message({})] } };
    expect(parse({ instance_id: INSTANCE.toLowerCase(), data })).toMatchObject([{ kind: 'message' }]);
    expect(parse({ data })).toMatchObject([{ kind: 'message' }]);
  });
});
