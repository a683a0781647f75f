import { verify } from 'node:crypto';
import { startSandboxGhl, type SandboxGhl } from '../../src/sandbox/ghl';
import { startReceiver, type Received, type Receiver } from '../support/sandboxReceiver';

const PHONE = '+60123456789';

let ghl: SandboxGhl;
let bridge: Receiver;

beforeEach(async () => {
  bridge = await startReceiver();
  ghl = await startSandboxGhl({
    locations: [{ id: 'L1' }],
    providers: [
      { id: 'sms', deliveryUrl: `${bridge.url}/ghl/delivery/secret` },
      { id: 'mail', type: 'Email' },
    ],
    webhookUrl: `${bridge.url}/ghl/webhooks`,
  });
});
afterEach(async () => {
  await ghl.stop();
  await bridge.stop();
});

function signedWell({ headers, raw }: Received): boolean {
  const signature = Buffer.from(String(headers['x-ghl-signature'] ?? ''), 'base64');
  return verify(null, raw, ghl.publicKeyPem, signature);
}
const only = (): Received => bridge.posts.entries[bridge.posts.entries.length - 1] as Received;

describe('agentSends', () => {
  it('posts the documented body, signed, and tells what the bridge answered', async () => {
    const sent = await ghl.agentSends({
      locationId: 'L1',
      phone: PHONE,
      text: 'Hai 👋',
      userId: 'U1',
      attachments: ['https://files.example/a.png'],
    });
    expect(sent).toMatchObject({ status: 200, body: 'noted' });
    expect(only().path).toBe('/ghl/delivery/secret');
    expect(only().json).toEqual({
      contactId: sent.contactId,
      locationId: 'L1',
      messageId: sent.messageId,
      type: 'SMS',
      phone: PHONE,
      message: 'Hai 👋',
      attachments: ['https://files.example/a.png'],
      userId: 'U1',
    });
    expect(signedWell(only())).toBe(true);
    expect(ghl.message(sent.messageId)).toMatchObject({
      direction: 'outbound',
      status: 'pending',
      body: 'Hai 👋',
      conversationProviderId: 'sms',
      deliveries: [{ status: 200 }],
    });
  });

  it('writes to one contact in one conversation, by phone or by id', async () => {
    const first = await ghl.agentSends({ locationId: 'L1', phone: PHONE, text: 'a' });
    const second = await ghl.agentSends({ locationId: 'L1', contactId: first.contactId, text: 'b', type: 'Custom' });
    expect(second).toMatchObject({ contactId: first.contactId, conversationId: first.conversationId });
    expect(only().json).toMatchObject({ type: 'Custom', phone: PHONE });
    const given = await ghl.agentSends({ locationId: 'L1', contactId: 'given-id', phone: '+6511112222', text: 'c' });
    expect(given.contactId).toBe('given-id');
  });

  it('posts an e-mail body for an e-mail provider', async () => {
    const contact = ghl.addContact('L1', { email: 'a@b.co' });
    const deliveryUrl = `${bridge.url}/mail`;
    await ghl.agentSends({
      locationId: 'L1',
      contactId: contact.id,
      providerId: 'mail',
      deliveryUrl,
      text: '<b>x</b>',
    });
    expect(only().json).toMatchObject({ type: 'Email', emailTo: ['a@b.co'], html: '<b>x</b>' });
    expect(only().json).not.toHaveProperty('phone');
  });

  it('bends the body as asked: more, less, other bytes', async () => {
    const base = { locationId: 'L1', phone: PHONE, text: 'a/b' };
    await ghl.agentSends({ ...base, extra: { replyToAltId: 'WA1', type: 'Fax' }, omit: ['contactId'] });
    expect(only().json).toMatchObject({ replyToAltId: 'WA1', type: 'Fax' });
    expect(only().json).not.toHaveProperty('contactId');
    await ghl.agentSends({ ...base, format: 'escaped' });
    expect(only().raw.toString()).toContain('"a\\/b"');
    expect(only().json).toMatchObject({ message: 'a/b' });
    expect(signedWell(only())).toBe(true);
    await ghl.agentSends({ ...base, rawBody: 'not json' });
    expect(only().raw.toString()).toBe('not json');
    expect(signedWell(only())).toBe(true);
  });

  it.each([
    ['missing', /^$/],
    ['not_signed', /^N\/A$/],
    ['garbled', /^[A-Za-z0-9+/]{86}==$/],
    ['foreign_key', /^[A-Za-z0-9+/]{86}==$/],
  ] as const)('spoils the signature: %s', async (signature, header) => {
    await ghl.agentSends({ locationId: 'L1', phone: PHONE, text: 'x', tamper: { signature } });
    expect(signedWell(only())).toBe(false);
    expect(only().headers['x-ghl-signature'] ?? '').toMatch(header);
  });

  it('alters the body after it was signed, leaving the JSON the same', async () => {
    await ghl.agentSends({ locationId: 'L1', phone: PHONE, text: 'x', tamper: { alterBody: true } });
    expect(only().json).toMatchObject({ message: 'x' });
    expect(signedWell(only())).toBe(false);
  });

  it('says when nobody answers, and refuses what the sandbox does not have', async () => {
    await bridge.pause();
    const sent = await ghl.agentSends({ locationId: 'L1', phone: PHONE, text: 'x' });
    expect(sent).toMatchObject({ status: 0, error: 'ECONNREFUSED' });
    expect(ghl.message(sent.messageId)?.deliveries).toMatchObject([{ status: 0, error: 'ECONNREFUSED' }]);
    await expect(ghl.agentSends({ locationId: 'nowhere', text: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(ghl.agentSends({ locationId: 'L1', providerId: 'mail' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(ghl.agentSends({ locationId: 'L1', attachments: [7] as never })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('keeps the secret of the Delivery URL out of the journal', async () => {
    await ghl.agentSends({ locationId: 'L1', phone: PHONE, text: 'x' });
    expect(ghl.journal.entries).toMatchObject([{ kind: 'delivery', status: 200, locationId: 'L1' }]);
    expect(JSON.stringify(ghl.journal.entries)).not.toContain('secret');
  });
});

describe('repeats', () => {
  it('redelivers the same bytes', async () => {
    const { messageId } = await ghl.agentSends({ locationId: 'L1', phone: PHONE, text: 'x' });
    const first = only().raw;
    expect(await ghl.redeliver(messageId)).toMatchObject({ status: 200 });
    expect(only().raw.equals(first)).toBe(true);
    expect(bridge.posts.entries).toHaveLength(2);
    await expect(ghl.redeliver('unknown')).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['none' as const, [429], [429]],
    ['only_429' as const, [429, 500], [429, 500]],
    ['only_429' as const, [500], [500]],
    ['any_failure' as const, [500, 302, 200], [500, 302, 200]],
    ['any_failure' as const, [500, 500, 500], [500, 500, 500]],
  ])('retries as the policy says: %s %j', async (policy, statuses, tried) => {
    ghl.configure({ retry: { policy, delaysMs: [0, 0] } });
    bridge.statuses.push(...statuses);
    const { messageId, status } = await ghl.agentSends({ locationId: 'L1', phone: PHONE, text: 'x' });
    expect(status).toBe(statuses[0]);
    const attempts = () => ghl.message(messageId)?.deliveries.map((attempt) => attempt.status);
    await ghl.waitFor(() => attempts()?.length === tried.length);
    // A further try would have been posted at once, before these.
    for (const text of ['a', 'b', 'c']) await ghl.agentSends({ locationId: 'L1', phone: PHONE, text });
    expect(attempts()).toEqual(tried);
    expect(bridge.posts.entries).toHaveLength(tried.length + 3);
  });
});

describe('postEvent', () => {
  it('posts app events, signed, with what real ones carry', async () => {
    expect(await ghl.postEvent({ type: 'UNINSTALL', locationId: 'L1', extra: { x: 1 } })).toMatchObject({
      status: 200,
    });
    expect(only().path).toBe('/ghl/webhooks');
    expect(only().json).toMatchObject({ type: 'UNINSTALL', locationId: 'L1', appId: 'sbxapp', x: 1 });
    expect(only().json).toHaveProperty('webhookId');
    expect(signedWell(only())).toBe(true);
  });
});
