import { addressOf, connectInput, fileOf, typed } from './line';
import { NOT_FOUND, type Attack } from './tenancyVictim';

/** The calls about messages and numbers. Those about a location itself stand in tenancyTenants.ts. */
export const MESSAGE_ATTACKS: Record<string, Attack> = {
  'connections.connect': {
    call: async ({ store, db }, { line }, stranger) => {
      const row = await db.knex('connections').where({ id: line.connectionId }).first();
      return await store.connections.connect(
        stranger,
        connectInput({ instanceId: row.instance_id, baseUrl: row.base_url }),
      );
    },
    gets: 'instance_taken',
  },
  'connections.get': { call: ({ store }, { line }, s) => store.connections.get(s, line.connectionId), gets: null },
  'connections.waiting': { call: ({ store }, { line }, s) => store.connections.waiting(s, line.connectionId), gets: 0 },
  'connections.markWebhookRegistered': {
    call: async ({ store, db }, { line }, s) => {
      const { webhook_hash: hash } = await db.knex('connections').where({ id: line.connectionId }).first();
      return await store.connections.markWebhookRegistered(s, line.connectionId, hash);
    },
    gets: false,
  },
  'connections.beginRotation': {
    call: ({ store }, { line }, s) => store.connections.beginRotation(s, line.connectionId, 'forged'),
    gets: NOT_FOUND,
  },
  'connections.markAnnounced': {
    call: ({ store }, { line }, s) => store.connections.markAnnounced(s, line.connectionId),
    gets: undefined,
  },
  'connections.recordProbe': {
    call: async ({ store }, { line }, s) => {
      const result = { kind: 'held' as const, state: 'reauth' as const, text: '' };
      return (await store.connections.recordProbe(s, line.connectionId, result)).changedConnection;
    },
    gets: null,
  },
  'qr.keep': {
    call: ({ store }, { line }, s) => store.qr.keep(s, line.connectionId, { png: Buffer.from('forged'), lifeMs: 1 }),
    gets: NOT_FOUND,
  },
  'qr.read': { call: ({ store }, { line }, s) => store.qr.read(s, line.connectionId), gets: null },
  'qr.drop': { call: ({ store }, { line }, s) => store.qr.drop(s, line.connectionId), gets: undefined },
  'pauses.begin': {
    call: ({ store }, { line }, s) => store.pauses.begin(s, line.connectionId, 'forged'),
    gets: NOT_FOUND,
  },
  'pauses.end': { call: ({ store }, { line }, s) => store.pauses.end(s, line.connectionId, 'forged'), gets: NOT_FOUND },
  'connections.askProbe': {
    call: ({ store }, { line }, s) => store.connections.askProbe(s, line.connectionId),
    gets: undefined,
  },
  'messages.wordsOf': {
    call: ({ store }, { line: { connectionId } }, s) =>
      store.messages.wordsOf(s, { gateway: 'waapify', connectionId, gatewayId: 'SENT-ID' }),
    gets: null,
  },
  'messages.hasGhlMessage': {
    call: async ({ store }, { line, waiting }, s) =>
      await store.messages.hasGhlMessage(s, (await line.message(waiting)).ghl_message_id!),
    gets: false,
  },
  'messages.wasAskedSince': {
    call: ({ store }, { waiting }, s) => store.messages.wasAskedSince(s, waiting.messageId),
    gets: false,
  },
  'messages.acceptInbound': {
    call: ({ store }, { line }, s) => store.messages.acceptInbound(s, line.inbound()),
    gets: NOT_FOUND,
  },
  'messages.claimPart': {
    call: ({ store }, { waiting }, s) => store.messages.claimPart(s, waiting.messageId),
    gets: NOT_FOUND,
  },
  'connections.changeSettings': {
    call: ({ store }, { line }, s) => store.connections.changeSettings(s, line.connectionId, { receipts: 'none' }),
    gets: NOT_FOUND,
  },
  'messages.recordPrepared': {
    call: ({ store }, { waiting }, s) =>
      store.messages.recordPrepared(s, waiting.messageId, { files: [], number: { kind: 'known', exists: false } }),
    gets: NOT_FOUND,
  },
  'messages.failPreparation': {
    call: ({ store }, { waiting }, s) =>
      store.messages.failPreparation(s, waiting.messageId, { reason: 'forged', text: 'Forged.' }),
    gets: NOT_FOUND,
  },
  'messages.deferPreparation': {
    call: ({ store }, { waiting }, s) =>
      store.messages.deferPreparation(s, waiting.messageId, { reason: 'forged', text: 'Forged.' }),
    gets: NOT_FOUND,
  },
  'messages.postponePreparation': {
    call: ({ store }, { waiting }, s) => store.messages.postponePreparation(s, waiting.messageId, 1),
    gets: NOT_FOUND,
  },
  'messages.recordOutcome': {
    call: ({ store }, { inHand }, s) =>
      store.messages.recordOutcome({ ...inHand.claim, ...s }, { kind: 'accepted', gatewayId: 'FORGED' }, 0),
    gets: NOT_FOUND,
  },
  'messages.recordPosted': {
    call: ({ store }, { inbound }, s) =>
      store.messages.recordPosted({ ...inbound.claim, ...s }, { kind: 'failed', code: 'forged', text: '' }),
    gets: NOT_FOUND,
  },
  'inboundFiles.wanted': {
    call: ({ store }, { withFile }, s) => store.inboundFiles.wanted(s, withFile.messageId),
    gets: null,
  },
  'inboundFiles.record': {
    call: ({ store }, { withFile }, s) => store.inboundFiles.record(s, withFile.messageId, { kind: 'kept' }),
    gets: NOT_FOUND,
  },
  'inboundFiles.noteAddress': {
    call: ({ store }, { withFile }, s) => store.inboundFiles.noteAddress(s, withFile.messageId, 'https://forged/'),
    gets: NOT_FOUND,
  },
  'inboundFiles.lose': {
    call: ({ store }, { withFile }, s) => store.inboundFiles.lose(s, withFile.messageId, 'forged'),
    gets: undefined,
  },
  'media.keepLonger': {
    call: ({ store }, { mediaId }, s) => store.media.keepLonger(s, mediaId, 1_000),
    gets: undefined,
  },
  'messages.cancel': {
    call: ({ store }, { waiting }, s) => store.messages.cancel(s, waiting.messageId, { reason: 'forged' }),
    gets: NOT_FOUND,
  },
  'messages.routeByTags': {
    call: ({ store }, { waiting }, s) => store.messages.routeByTags(s, waiting.messageId, ['forged']),
    gets: NOT_FOUND,
  },
  'messages.moveToConnection': {
    call: ({ store }, { waiting, line }, s) => store.messages.moveToConnection(s, waiting.messageId, line.connectionId),
    gets: NOT_FOUND,
  },
  'messages.resend': {
    call: ({ store }, { waiting }, s) => store.messages.resend(s, waiting.messageId),
    gets: NOT_FOUND,
  },
  'messages.recordEcho': {
    call: ({ store, clock }, { line }, s) => {
      const echo = { connectionId: line.connectionId, gatewayId: 'FORGED', to: addressOf('anna') };
      return store.messages.recordEcho(s, { ...echo, content: { v: 1, text: 'Hello' }, at: clock.now });
    },
    gets: NOT_FOUND,
  },
  'messages.takeOwn': {
    call: ({ store }, { line }, s) => store.messages.takeOwn(s, line.connectionId, 'TYPED-ID'),
    gets: NOT_FOUND,
  },
  'messages.recordReceipt': {
    call: ({ store }, { line }, s) =>
      store.messages.recordReceipt(s, { connectionId: line.connectionId, gatewayId: 'SENT-ID', level: 'read' }),
    gets: NOT_FOUND,
  },
  'messages.applyReceipts': {
    call: ({ store }, { line }, s) => store.messages.applyReceipts(s, line.connectionId, 'SENT-ID'),
    gets: { matched: false, wakes: [] },
  },
  'messages.lifecycle': {
    call: ({ store }, { waiting }, s) => store.messages.lifecycle(s, waiting.messageId),
    gets: NOT_FOUND,
  },
  'messages.markTold': {
    call: ({ store }, { waiting }, s) => store.messages.markTold(s, waiting.messageId, 'failed'),
    gets: NOT_FOUND,
  },
  'messages.giveUpTelling': {
    call: ({ store }, { waiting }, s) => store.messages.giveUpTelling(s, waiting.messageId),
    gets: undefined,
  },
  'messages.findByKey': { call: ({ store }, _v, s) => store.messages.findByKey(s, 'KEY'), gets: null },
  'sweep.postpone': {
    call: ({ store }, { waiting }, s) => store.sweep.postpone(s, waiting.messageId, 1e9),
    gets: undefined,
  },
  'media.find': {
    call: ({ store }, { waiting }, s) => store.media.find(s, waiting.messageId, 0),
    gets: null,
  },
  'media.keep': {
    call: ({ store }, { waiting }, s) => store.media.keep(s, fileOf(waiting.messageId, 1)),
    gets: NOT_FOUND,
  },
  'lanes.clearWake': {
    call: async ({ store, db }, { line, waiting }, s) => {
      const lane = await db
        .knex('lanes')
        .where({ id: `out:${line.connectionId}` })
        .first();
      expect(lane.wake_due_message).toBe(waiting.messageId);
      const wake = { ...(await store.sweep.leftWakes()).find((one) => one.messageId === waiting.messageId)!, ...s };
      return await store.lanes.clearWake(wake);
    },
    gets: undefined,
  },
  'posts.olderThan': {
    call: ({ store }, { line, postId }, s) =>
      store.posts.olderThan(s, { id: `${postId}z`, connectionId: line.connectionId, raw: Buffer.alloc(0), ...s }),
    gets: [],
  },
  'posts.settle': { call: ({ store }, { postId }, s) => store.posts.settle(s, postId, 'junk'), gets: undefined },
  'messages.acceptOutbound': {
    call: ({ store }, _v, s) => store.messages.acceptOutbound(s, typed({ messageKey: 'KEY' })),
    gets: expect.objectContaining({ connectionId: null }),
  },
  'posts.store': {
    call: ({ store }, { line }, s) => store.posts.store(s, line.connectionId, Buffer.from('forged')),
    gets: expect.any(String),
  },
};
