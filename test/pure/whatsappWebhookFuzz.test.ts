import fc from 'fast-check';
import type { GatewayEvent } from '../../src/channels/gateway';
import { parseWebhook } from '../../src/channels/whatsapp/webhook';
import { eachEntry } from '../../src/channels/whatsapp/webhook/entries';
import { inboundParts } from '../../src/domain/parts';
import { CORPUS_INSTANCE, CORPUS_NOW, inboundCorpus } from '../support/inboundCorpus';
import { mutated, mutations } from '../support/mutations';

const INSTANCE = CORPUS_INSTANCE;
const parse = (raw: Buffer) => parseWebhook({ instanceId: INSTANCE }, raw, CORPUS_NOW);
const parseBody = (body: unknown) => parse(Buffer.from(JSON.stringify(body)));

const event = fc.constantFrom('messages.upsert', 'messages.update', 'received_message', 'connection.update', 'x');
const anything = fc.jsonValue({ maxDepth: 3 });
/** Mostly right shapes with wrong things in them: what plain random JSON never reaches. */
const mangled = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: 'small' }, anything, fc.array(tie('node'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(
    fc.constantFrom(
      'key',
      'id',
      'remoteJid',
      'fromMe',
      'message',
      'messages',
      'update',
      'status',
      'type',
      'event',
      'data',
      'conversation',
      'imageMessage',
      'caption',
      'contextInfo',
      'ephemeralMessage',
      'protocolMessage',
      'editedMessage',
      'messageTimestamp',
      'low',
      'high',
      'message_key',
      'body_message',
      'contacts',
      'contactsArrayMessage',
      'vcard',
      'messageStubParameters',
      'pushName',
      '0',
      '__proto__',
      'constructor',
      'toString',
    ),
    tie('node'),
    { maxKeys: 6 },
  ),
}));

const corpus = inboundCorpus().filter(({ body }) => typeof body === 'object');
const bodies = fc.constantFrom(...corpus);

const KINDS = ['message', 'own', 'receipt', 'contacts', 'connection', 'ignored', 'junk'];

function expectSound(events: ReturnType<typeof parse>): void {
  expect(events.length).toBeGreaterThan(0);
  for (const entry of events) {
    expect(KINDS).toContain(entry.kind);
    if (!('gatewayId' in entry)) continue;
    expect(entry.gatewayId).toMatch(/^[\x21-\x7e]{1,128}$/);
    if (entry.kind === 'receipt') continue;
    expect(Number.isSafeInteger(entry.at)).toBe(true);
    expect(inboundParts(entry.content)).toHaveLength(1);
    const address = entry.kind === 'message' ? entry.from : entry.to;
    if (address !== null) expect(address.value).toMatch(/^(\+\d{5,15}|[^@]+@g\.us)$/);
  }
}

test('arbitrary bytes never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => expectSound(parse(Buffer.from(bytes)))),
    { numRuns: 500 },
  );
});

test('arbitrary JSON never throws', () => {
  fc.assert(
    fc.property(anything, (body) => expectSound(parseBody(body))),
    { numRuns: 1000 },
  );
});

test('the right envelope around mangled payloads never throws', () => {
  fc.assert(
    fc.property(event, mangled.node, (name, data) => {
      expectSound(parseBody({ instance_id: INSTANCE, data: { event: name, data } }));
      expectSound(parseBody({ instance_id: INSTANCE, data: { event: name, message: data } }));
    }),
    { numRuns: 5000 },
  );
});

test('a body of any kind with anything wrong in it never throws', () => {
  fc.assert(
    fc.property(bodies, mutations, ({ body }, steps) => expectSound(parseBody(mutated(body, steps)))),
    { numRuns: 1000 },
  );
});

test('whatever is wrong with the posts beside it, a good one is read as if it came alone', () => {
  fc.assert(
    fc.property(bodies, fc.array(fc.tuple(bodies, mutations), { maxLength: 4 }), fc.nat(4), (good, others, place) => {
      const posts = others.map(([{ body }, steps]) => mutated(body, steps));
      posts.splice(place, 0, ...[good.body].flat());
      const events = parseBody(posts);
      for (const event of parse(good.raw)) expect(events).toContainEqual(event);
    }),
    { numRuns: 300 },
  );
});

test('the digits of hidden identities are never an address, wherever in a key they stand', () => {
  const digits = fc.bigInt({ min: 10_000n, max: 999_999_999_999_999n }).map(String);
  const lid = fc.tuple(digits, fc.constantFrom('@lid', ':3@lid', '@hosted.lid', '')).map((parts) => parts.join(''));
  const fields = ['remoteJid', 'remoteJidAlt', 'senderPn', 'senderLid', 'participant', 'participantAlt'];
  const key = fc.record(Object.fromEntries(fields.map((field) => [field, lid])), { requiredKeys: [] });
  fc.assert(
    fc.property(key, fc.boolean(), (names, fromMe) => {
      const message = { key: { ...names, id: 'A1', fromMe }, message: { conversation: 'hi' } };
      const [event] = parseBody({ data: { event: 'messages.upsert', data: { messages: [message] } } });
      expect(event).toMatchObject(fromMe ? { kind: 'own', to: null } : { kind: 'message', from: null });
    }),
  );
});

test('an entry whose reading throws costs nothing to those beside it', () => {
  const read = (entry: unknown): GatewayEvent[] => {
    if (entry === 'bad') throw new Error('a slip of ours');
    return [{ kind: 'ignored', what: String(entry) }];
  };
  expect(eachEntry(['a', 'bad', 'b'], read)).toEqual([
    { kind: 'ignored', what: 'a' },
    { kind: 'junk', why: 'unreadable entry' },
    { kind: 'ignored', what: 'b' },
  ]);
});

test('deep nesting never throws', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  expectSound(parse(Buffer.from(`{"data":{"event":"messages.upsert","data":${deep}}}`)));
});

test('whatever stands beside them, valid messages come through in their order', () => {
  const valid = (id: string) => ({
    key: { remoteJid: '60123456789@s.whatsapp.net', fromMe: false, id },
    message: { conversation: id },
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(mangled.node, fc.constant('VALID')), { maxLength: 8 }), (entries) => {
      const ids: string[] = [];
      const messages = entries.map((entry, index) => {
        if (entry !== 'VALID') return entry;
        ids.push(`valid-${index}`);
        return valid(`valid-${index}`);
      });
      const events = parseBody({ instance_id: INSTANCE, data: { event: 'messages.upsert', data: { messages } } });
      const got = events.flatMap((entry) => ('gatewayId' in entry ? [entry.gatewayId] : []));
      expect(got.filter((id) => id.startsWith('valid-'))).toEqual(ids);
    }),
    { numRuns: 2000 },
  );
});

test('both dialects make one event of one message', () => {
  const jid = fc.constantFrom('60123456789@s.whatsapp.net', '60123456789:7@s.whatsapp.net', '2756123456789@lid');
  const content = fc.oneof(
    fc.string().map((conversation) => ({ conversation })),
    fc.string().map((text) => ({ extendedTextMessage: { text } })),
    fc.string().map((caption) => ({ imageMessage: { caption } })),
  );
  fc.assert(
    fc.property(
      jid,
      fc.boolean(),
      fc.stringMatching(/^[0-9A-F]{8,32}$/),
      content,
      fc.string(),
      (remoteJid, fromMe, id, message, name) => {
        const key = { remoteJid, fromMe, id };
        const passed = { key, pushName: name, messageTimestamp: 1_750_000_000, message };
        const flattened = {
          message_key: key,
          push_name: name,
          timestamp: 1_750_000_000,
          body_message: { type: 'x', content: 'x', messages: message },
        };
        expect(parseBody({ instance_id: INSTANCE, data: { event: 'received_message', message: flattened } })).toEqual(
          parseBody({
            instance_id: INSTANCE,
            data: { event: 'messages.upsert', data: { type: 'notify', messages: [passed] } },
          }),
        );
      },
    ),
  );
});
