import { useGhl } from '../contract/scriptedGhl';
import { accessOf } from '../support/ghlAccess';

const ghl = useGhl();
const post = {
  type: 'SMS',
  contactId: 'c1',
  message: 'hello',
  altId: '3EB0',
  date: '2026-01-01T00:00:00.000Z',
  direction: 'inbound',
} as const;
const bodyOf = (index: number): unknown => JSON.parse(ghl.requests()[index]?.body.toString() ?? 'null');

describe('updateMessageStatus', () => {
  it('sends the status alone, and the reason with a failure; the answer may be anything', async () => {
    ghl.answer({ status: 200, json: { msg: 'ok' } }, { status: 200 });
    await ghl.client.updateMessageStatus(accessOf('tok'), 'm1', { status: 'read' });
    const error = { code: 'no_connection', type: 'bridge', message: 'Connect a number.' };
    await ghl.client.updateMessageStatus(accessOf('tok'), 'm1', { status: 'failed', error });
    expect(ghl.requests()[0]).toMatchObject({ method: 'PUT', url: '/conversations/messages/m1/status' });
    expect([bodyOf(0), bodyOf(1)]).toEqual([{ status: 'read' }, { status: 'failed', error }]);
  });

  it('lets no id out of its place in the path', async () => {
    ghl.answer({ status: 200 });
    await ghl.client.updateMessageStatus(accessOf('tok'), '../contacts/c1?x=', { status: 'read' });
    expect(ghl.requests()[0]?.url).toBe('/conversations/messages/..%2Fcontacts%2Fc1%3Fx%3D/status');
    for (const id of ['', '.', '..']) {
      const update = ghl.client.updateMessageStatus(accessOf('tok'), id, { status: 'read' });
      await expect(update).rejects.toMatchObject({ code: 'ghl_rejected' });
    }
    expect(ghl.requests()).toHaveLength(1);
  });
});

describe('addInboundMessage', () => {
  it('sends what is given and gives the ids', async () => {
    ghl.answer({ status: 200, json: { success: true, conversationId: 'cnv1', messageId: 'm1', contactId: 'c1' } });
    const given = { ...post, conversationProviderId: 'p1', attachments: ['https://b.example/m/1'] };
    const posted = await ghl.client.addInboundMessage(accessOf('tok'), given);
    expect(posted).toEqual({ messageId: 'm1', conversationId: 'cnv1', contactId: 'c1' });
    expect(bodyOf(0)).toEqual(given);
  });

  it('leaves out an empty text and an empty list, and fields that the API does not know', async () => {
    ghl.answer({ status: 200, json: { messageId: 'm1' } });
    const wider = { ...post, message: '', attachments: [], tags: ['x'] };
    const posted = await ghl.client.addInboundMessage(accessOf('tok'), wider);
    expect(posted.conversationId).toBeNull();
    expect(bodyOf(0)).toEqual({
      type: 'SMS',
      contactId: 'c1',
      altId: '3EB0',
      date: post.date,
      direction: 'inbound',
    });
  });

  it.each([
    ['a 201 with an empty body', { status: 201 }],
    ['a 200 without a message id', { status: 200, json: { success: true, conversationId: 'cnv1' } }],
    ['a 200 of a proxy', { status: 200, json: 'OK' }],
  ])('takes %s for an unknown outcome, not for a success', async (_what, reply) => {
    ghl.answer(reply);
    await expect(ghl.client.addInboundMessage(accessOf('tok'), post)).rejects.toMatchObject({
      code: 'ghl_empty_answer',
      retry: 'ambiguous',
    });
  });

  it('does not post a Custom message without its provider, which GHL would swallow', async () => {
    await expect(ghl.client.addInboundMessage(accessOf('tok'), { ...post, type: 'Custom' })).rejects.toMatchObject({
      code: 'ghl_invalid_provider',
      retry: 'never',
    });
    expect(ghl.requests()).toEqual([]);
  });
});

describe('findMessageByAltId', () => {
  const at = (text: string): number => Date.parse(`2026-01-01T${text}Z`);
  const query = {
    locationId: 'loc1',
    contactId: 'c1',
    altId: '3EB0',
    text: 'ok',
    direction: 'inbound',
    sinceMs: at('10:00:00.500'),
  } as const;
  const message = (id: string, over: object = {}) => ({
    id,
    direction: 'inbound',
    body: 'ok',
    dateAdded: '2026-01-01T10:00:05.000Z',
    ...over,
  });
  const page = (messages: object[], more: object = {}) => ({ status: 200, json: { messages, ...more } });
  const find = (over: object = {}) =>
    ghl.client.findMessageByAltId(accessOf('tok'), { ...query, conversationId: 'cnv1', ...over });

  it('searches the contact, then lists its conversation, and ignores those of others', async () => {
    const conversations = [
      { id: 'cnv9', contactId: 'other' },
      { id: 'cnv1', contactId: 'c1' },
    ];
    ghl.answer({ status: 200, json: { conversations } }, page([message('m1', { altId: '3EB0' })]));
    await expect(ghl.client.findMessageByAltId(accessOf('tok'), query)).resolves.toBe('m1');
    expect(ghl.requests().map(({ url }) => url)).toEqual([
      '/conversations/search?locationId=loc1&contactId=c1',
      '/conversations/cnv1/messages',
    ]);
  });

  it('finds nothing where the contact has no conversation', async () => {
    ghl.answer({ status: 200, json: { conversations: [] } });
    await expect(ghl.client.findMessageByAltId(accessOf('tok'), query)).resolves.toBeNull();
  });

  it('reads the wrapped answer as well as the flat one', async () => {
    ghl.answer({ status: 200, json: { messages: { messages: [message('m1', { altId: '3EB0' })], nextPage: false } } });
    await expect(find()).resolves.toBe('m1');
  });

  it('goes by the altId even when nothing else fits', async () => {
    const strange = message('m1', { altId: '3EB0', body: 'edited', direction: 'outbound', dateAdded: undefined });
    ghl.answer(page([message('m2', { altId: 'x' }), strange]));
    await expect(find()).resolves.toBe('m1');
  });

  it('takes an equal text for another message as soon as the listing carries altIds', async () => {
    ghl.answer(page([message('m1'), message('m2', { altId: 'other', body: 'else' })]));
    await expect(find()).resolves.toBeNull();
  });

  it.each<[string, object[], object, string | null]>([
    ['the same text since then', [message('m1')], {}, 'm1'],
    ['the oldest of two, the listing being newest first', [message('m2'), message('m1')], {}, 'm1'],
    ['not another text', [message('m1', { body: 'ok!' })], {}, null],
    ['not another direction', [message('m1', { direction: 'outbound' })], {}, null],
    ['not an older one', [message('m1', { dateAdded: '2026-01-01T09:59:59.000Z' })], {}, null],
    ['one that lost its milliseconds', [message('m1', { dateAdded: '2026-01-01T10:00:00Z' })], {}, 'm1'],
    ['a time in milliseconds', [message('m1', { dateAdded: at('10:00:01.000') })], {}, 'm1'],
    ['not one without a time', [message('m1', { dateAdded: undefined })], {}, null],
    ['nothing without a text to compare', [message('m1', { body: undefined })], { text: undefined }, null],
  ])('without any altId in the listing: %s', async (_what, messages, over, found) => {
    ghl.answer(page(messages));
    await expect(find(over)).resolves.toBe(found);
  });

  it('without any altId in the listing: not one that is known as another message', async () => {
    ghl.answer(page([message('m2'), message('m1')]));
    await expect(find({ isOther: (id: string) => Promise.resolve(id === 'm1') })).resolves.toBe('m2');
    ghl.answer(page([message('m1')]));
    await expect(find({ isOther: () => Promise.resolve(true) })).resolves.toBeNull();
  });

  it('pages back until all is older than asked for', async () => {
    const more = (id: string) => ({ nextPage: true, lastMessageId: id });
    const old = message('m8', { dateAdded: '2026-01-01T08:00:00.000Z', body: 'old' });
    ghl.answer(page([message('m9', { body: 'new' })], more('m9')), page([old], more('m8')));
    await expect(find()).resolves.toBeNull();
    expect(ghl.requests().map(({ url }) => url)).toEqual([
      '/conversations/cnv1/messages',
      '/conversations/cnv1/messages?lastMessageId=m9',
    ]);
  });

  it('reads ten pages at most', async () => {
    const endless = page([message('m1', { body: 'else' })], { nextPage: true, lastMessageId: 'm1' });
    ghl.answer(...Array<typeof endless>(20).fill(endless));
    await expect(find()).resolves.toBeNull();
    expect(ghl.requests()).toHaveLength(10);
  });

  it('does not take an answer that it can not read for an empty listing', async () => {
    ghl.answer({ status: 200, json: { items: [] } });
    await expect(find()).rejects.toMatchObject({ code: 'ghl_empty_answer', retry: 'later' });
  });
});
