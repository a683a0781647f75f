import fc from 'fast-check';
import { createWaapifyAdapter } from '../../src/channels/whatsapp/adapter';
import { jidToPhone } from '../../src/channels/whatsapp/jid';
import { parseWebhook } from '../../src/channels/whatsapp/webhook';
import { isGroup, lidAddress, lidOf } from '../../src/domain/address';
import { inGroup } from '../../src/domain/groupText';
import { parsePhone } from '../../src/domain/phone';

const INSTANCE = '609ACF2830001';
/** Digits that could all be a phone number, as hidden identities look. */
const digits = fc.bigInt({ min: 10_000_000n, max: 999_999_999_999_999n }).map(String);
const server = fc.constantFrom('lid', 'hosted.lid');
const device = fc.constantFrom('', ':7', '_1:12');
const fromMe = fc.boolean();
const inGroupChat = fc.boolean();

function bodies(key: object): Buffer[] {
  const message = { key, messageTimestamp: 1_760_000_000, pushName: 'Ann', message: { conversation: 'hi' } };
  const upsert = { event: 'messages.upsert', data: { type: 'notify', messages: [message] } };
  const flattened = {
    event: 'received_message',
    message: { message_key: key, push_name: 'Ann', body_message: { type: 'conversation', content: 'hi' } },
  };
  return [upsert, flattened].map((data) => Buffer.from(JSON.stringify({ instance_id: INSTANCE, data })));
}

describe('the digits of a hidden identity', () => {
  it('are never read as a phone number, whoever wrote where, in either dialect', () => {
    const chat = fc.record({ digits, server, device, fromMe, inGroupChat });
    const check = ({
      digits: lid,
      server: at,
      device: mark,
      fromMe: own,
      inGroupChat: group,
    }: FcValue<typeof chat>) => {
      const jid = `${lid}${mark}@${at}`;
      const where = group ? { remoteJid: '120363000000000001@g.us', participant: jid } : { remoteJid: jid };
      const key = { ...where, fromMe: own, id: '3EB0AA', remoteJidAlt: jid, senderPn: jid, participantAlt: jid };
      for (const raw of bodies(key)) {
        const events = parseWebhook({ instanceId: INSTANCE }, raw, 0);
        expect(JSON.stringify(events)).not.toContain(`+${lid}`);
        const messages = events.filter(({ kind }) => kind === 'message');
        expect(messages).toEqual(messages.map(() => expect.objectContaining({ from: null, lid })));
        expect(messages).toHaveLength(own ? 0 : 1);
      }
    };
    fc.assert(fc.property(chat, check));
  });

  it('beside a number are a pair with it', () => {
    fc.assert(
      fc.property(digits, (lid) => {
        const key = {
          remoteJid: `${lid}@lid`,
          remoteJidAlt: '60123456789@s.whatsapp.net',
          fromMe: false,
          id: '3EB0AA',
        };
        const phone = { channel: 'whatsapp', value: '+60123456789' };
        for (const raw of bodies(key)) {
          expect(parseWebhook({ instanceId: INSTANCE }, raw, 0)).toMatchObject([{ kind: 'message', from: phone, lid }]);
        }
      }),
    );
  });

  it('make an address that is no number, no group, and nothing that can be sent to', async () => {
    const adapter = createWaapifyAdapter({ timeoutMs: 1_000 });
    const endpoint = { connectionId: 'c', baseUrl: 'http://127.0.0.1:9', instanceId: INSTANCE, token: 't' };
    const guard = { timeoutMs: 1_000, attemptToken: 'a', mayWrite: () => true };
    const check = async (lid: string) => {
      const address = lidAddress(lid);
      expect(lidOf(address)).toBe(lid);
      expect(isGroup(address)).toBe(false);
      expect(parsePhone(address.value, 'MY').ok).toBe(false);
      expect(jidToPhone(address.value)).toBeNull();
      expect(lidOf({ channel: 'whatsapp', value: `+${lid}` })).toBeNull();
      const outcome = await adapter.send(endpoint, address, { kind: 'text', text: 'hi' }, guard);
      expect(outcome).toMatchObject({ kind: 'rejected', retry: 'never' });
    };
    await fc.assert(fc.asyncProperty(digits, check), { numRuns: 50 });
  });
});

type FcValue<A> = A extends fc.Arbitrary<infer V> ? V : never;

describe('what is written in a group', () => {
  it.each([
    ['hello', 'Aisyah', 'Aisyah: hello'],
    ['two\nlines', '+60123456789', '+60123456789: two\nlines'],
    ['hello', undefined, 'Somebody: hello'],
    [undefined, 'Aisyah', 'Aisyah:'],
  ])('%j says who wrote it', (text, name, shown) => {
    expect(inGroup({ v: 1, text, replyTo: '3EB0' }, name)).toEqual({ v: 1, text: shown, replyTo: '3EB0' });
  });
});
