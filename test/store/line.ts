import type { ReceiptLevel, SendOutcome } from '../../src/channels/gateway';
import type { Address, Channel } from '../../src/domain/address';
import type { Content, FileReference } from '../../src/domain/content';
import { inboundParts, planParts } from '../../src/domain/parts';
import { LIMITS } from '../support/partLimits';
import type { Scope, WakeRef } from '../../src/store/context';
import type { Cancelled } from '../../src/store/messages/cancel';
import type { ClaimResult } from '../../src/store/messages/claimResult';
import type { OutboundInput } from '../../src/store/messages/accept';
import type { InboundInput } from '../../src/store/messages/acceptInbound';
import type { Accepted } from '../../src/store/messages/acceptedRow';
import type { StoredMedia } from '../../src/store/media';
import type { Recorded } from '../../src/store/messages/outcome';
import type { ConnectInput } from '../../src/store/connections';
import { gapEndsAt } from '../../src/domain/lane/gap';
import { parsePace } from '../../src/domain/ruleTexts';
import type { ConnectionRow, LaneDbRow, MessageRow, PartRow } from '../../src/store/rows';
import { GATEWAYS, RULES, type TestStore } from '../support/storeAt';

export type Granted = ClaimResult & { kind: 'granted' };

let count = 0;
/** Returns a name that no other case uses. */
export function fresh(prefix: string): string {
  return `${prefix}-${++count}`;
}

export function grantOf(expiresInS = 86_400) {
  return { accessToken: fresh('access'), refreshToken: fresh('refresh'), expiresInS, scope: 'conversations' };
}

export function connectInput(more: Partial<ConnectInput> = {}): ConnectInput {
  const webhookSecret = fresh('webhook-secret');
  return {
    channel: 'whatsapp',
    gateway: 'waapify',
    baseUrl: 'https://gateway.example.com/api',
    instanceId: fresh('INSTANCE'),
    token: fresh('gateway-token'),
    webhookSecret,
    webhookHash: `hash-of-${webhookSecret}`,
    ...more,
  };
}

export interface Typed extends Partial<OutboundInput> {
  /** Whose message it is: contact id and number. */
  to?: string;
  text?: string;
}

/** What GHL hands over when an agent types. */
export function typed({ to = 'anna', text = 'Hello', ...more }: Typed = {}): OutboundInput {
  const messageKey = more.messageKey ?? fresh('ghl');
  const content: Content = { v: 1, text };
  return {
    source: 'ghl',
    sourceKey: messageKey,
    messageKey,
    ghlMessageId: messageKey,
    providerId: null,
    channel: 'whatsapp',
    contactId: `contact-${to}`,
    address: addressOf(to, more.channel),
    content,
    parts: planParts(content, LIMITS, null),
    ...more,
  };
}

export function addressOf(who: string, channel: Channel = 'whatsapp'): Address {
  return { channel, value: `+60-${who}` };
}

/** A file as whoever has fetched it for an attachment notes it. */
export function fileOf(messageId: string, n = 0): Omit<StoredMedia, 'locationId'> {
  return {
    mediaId: fresh('media'),
    messageId,
    n,
    kind: 'document',
    name: 'Price list.pdf',
    type: 'application/pdf',
    bytes: 3_000_000_000,
    sha256: 'a'.repeat(64),
    source: { url: 'https://files.example.com/private.pdf?sig=1', name: 'Price list.pdf' },
  };
}

/** What somebody writes to the number. */
export interface Arriving {
  from?: string;
  text?: string;
  gatewayId?: string;
  file?: FileReference;
}

/** A picture's reference as a gateway gives it. */
export const PICTURE: FileReference = {
  kind: 'image',
  url: 'https://mmg.whatsapp.net/private.enc',
  mediaKey: Buffer.alloc(32, 'private').toString('base64'),
};

/** One number of an installed location, with the words in which the cases speak of it. */
export interface Line {
  scope: Scope;
  connectionId: string;
  accept(input?: Typed): Promise<Accepted>;
  claim(message: { messageId: string }, dry?: boolean): Promise<ClaimResult>;
  /** Claims and insists on being granted. */
  grant(message: { messageId: string }): Promise<Granted>;
  record(granted: Granted, outcome: SendOutcome, sinceWriteMs?: number | null): Promise<Recorded>;
  cancel(message: { messageId: string }, neverClaimed?: boolean): Promise<Cancelled>;
  /** Grants and records that the gateway took it; the gap that follows is passed too. */
  send(message: { messageId: string }, gatewayId?: string): Promise<string>;
  echo(gatewayId: string, more?: { to?: string | null; text?: string; at?: number }): ReturnType<Store['recordEcho']>;
  receipt(gatewayId: string, level: ReceiptLevel): Promise<WakeRef[]>;
  arrives(more?: Arriving): Promise<Accepted>;
  inbound(more?: Arriving): InboundInput;
  setConnection(columns: Record<string, unknown>): Promise<void>;
  message(message: { messageId: string }): Promise<MessageRow>;
  part(message: { messageId: string }, n?: number): Promise<PartRow>;
  lane(): Promise<LaneDbRow>;
  /** When the gap behind the last write has run, before a text of RULES or of the connection's own pace. */
  freeAt(): Promise<number>;
}
type Store = TestStore['store']['messages'];

export interface LineOptions {
  scope?: Scope;
  gateway?: string;
  channel?: Channel;
  installed?: boolean;
  connected?: boolean;
}

export async function openLine(ledger: TestStore, options: LineOptions = {}): Promise<Line> {
  const { store, clock } = ledger;
  const { scope = { locationId: fresh('location') }, gateway = 'waapify', channel = 'whatsapp' } = options;
  if (options.installed !== false) await store.installations.install(scope, { companyId: null, grant: grantOf() });
  const { connectionId } = await store.connections.connect(scope, connectInput({ gateway, channel }));
  if (options.connected !== false) await store.connections.recordProbe(scope, connectionId, { kind: 'connected' });
  const { messages } = store;
  const line: Line = {
    scope,
    connectionId,
    accept: (input) => messages.acceptOutbound(scope, typed({ channel, ...input })),
    claim: ({ messageId }, dry = false) => messages.claimPart(scope, messageId, { dry }),
    grant: async (message) => {
      const claim = await line.claim(message);
      if (claim.kind !== 'granted') throw new Error(`not granted: ${JSON.stringify(claim)}`);
      return claim;
    },
    record: ({ claim }, outcome, sinceWriteMs = 0) => messages.recordOutcome(claim, outcome, sinceWriteMs),
    cancel: ({ messageId }, neverClaimed = false) =>
      messages.cancel(scope, messageId, { reason: 'cancelled_by_operator', neverClaimed }),
    send: async (message, gatewayId = fresh('WAMID')) => {
      await line.record(await line.grant(message), { kind: 'accepted', gatewayId });
      clock.now = Math.max(clock.now, await line.freeAt());
      return gatewayId;
    },
    echo: (gatewayId, { to = 'anna', text = 'Hello', at = clock.now } = {}) => {
      const address = to === null ? null : addressOf(to, channel);
      return messages.recordEcho(scope, { connectionId, gatewayId, to: address, content: { v: 1, text }, at });
    },
    receipt: async (gatewayId, level) =>
      (await messages.recordReceipt(scope, { connectionId, gatewayId, level })).wakes,
    inbound: ({ from = 'anna', text = 'Hi', gatewayId = fresh('IN'), file } = {}) => {
      const content: Content = { v: 1, text, ...(file && { file }) };
      const parts = inboundParts(content);
      return {
        connectionId,
        gateway,
        gatewayId,
        channel,
        from: addressOf(from, channel),
        content,
        parts,
        at: clock.now,
      };
    },
    arrives: (more) => messages.acceptInbound(scope, line.inbound(more)),
    setConnection: async (columns) => {
      await ledger.db.knex('connections').where({ id: connectionId }).update(columns);
    },
    message: async ({ messageId }) => (await ledger.db.knex<MessageRow>('messages').where({ id: messageId }).first())!,
    part: async ({ messageId }, n = 1) =>
      (await ledger.db.knex<PartRow>('message_parts').where({ message_id: messageId, n }).first())!,
    lane: async () =>
      (await ledger.db
        .knex<LaneDbRow>('lanes')
        .where({ id: `out:${connectionId}` })
        .first())!,
    freeAt: async () => {
      const { last_at: lastAt, jitter } = await line.lane();
      const own = (await ledger.db.knex<ConnectionRow>('connections').where({ id: connectionId }).first())!;
      const { paceTextMs = '' } = JSON.parse(own.settings) as { paceTextMs?: string };
      const gap = GATEWAYS[gateway]!.paced ? (parsePace(paceTextMs) ?? RULES.pace.text) : { minMs: 0, maxMs: 0 };
      return gapEndsAt({ lastAt, jitter, gap, returnedAt: own.returned_at });
    },
  };
  return line;
}

/** A fixed end of a send, by name. */
export const OUTCOMES = {
  timeout: { kind: 'ambiguous', cause: 'timeout' },
  refused: { kind: 'not_sent', cause: 'refused' },
  stale: { kind: 'not_sent', cause: 'stale_claim' },
  busy: { kind: 'rejected', retry: 'later', code: 'gateway_busy', text: 'Busy, try again.' },
  invalid: { kind: 'rejected', retry: 'never', code: 'not_on_whatsapp', text: 'No WhatsApp there.' },
  loggedOut: { kind: 'held', state: 'relogin', code: 'relogin', text: 'Log in again.' },
  quota: { kind: 'held', state: 'quota', code: 'plan_quota', text: 'No messages left.' },
} as const satisfies Record<string, SendOutcome>;
