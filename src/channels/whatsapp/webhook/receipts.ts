import type { GatewayEvent, ReceiptLevel } from '../../gateway';
import { classifyJid } from '../jid';
import { at, list, record, text, word } from '../json';
import { eachEntry, ignored, junk } from './entries';
import { gatewayIdOf } from './gatewayId';

/** The engine's acknowledgement levels, by number and by name. Played (5) is a voice note's read. */
const LEVELS = new Map<string, ReceiptLevel>([
  ['0', 'nack'],
  ['1', 'pending'],
  ['2', 'server'],
  ['3', 'delivered'],
  ['4', 'read'],
  ['5', 'read'],
  ['ERROR', 'nack'],
  ['PENDING', 'pending'],
  ['SERVER_ACK', 'server'],
  ['DELIVERY_ACK', 'delivered'],
  ['READ', 'read'],
  ['PLAYED', 'read'],
]);

/** Returns the events of `messages.update`: a list of `{key, update: {status, ...}}`, most of them receipts. */
export function receiptEvents(payload: unknown): GatewayEvent[] {
  return eachEntry(list(payload), (entry) => [receiptEvent(entry)]);
}

/** Of a group only what WhatsApp itself says counts: one member's receipt does not mean that the group has it. */
const GROUP_LEVELS: ReadonlySet<ReceiptLevel> = new Set(['nack', 'server']);

/** An update of somebody else's message is our phone having read it; one without a status is an edit, a star, a vote. */
function receiptEvent(entry: unknown): GatewayEvent {
  const key = record(at(entry, 'key'));
  const gatewayId = gatewayIdOf(key);
  if (key === undefined || gatewayId === undefined) return junk('update without a key');
  const status = at(entry, 'update', 'status');
  if (key.fromMe === false || status === undefined || status === null) return ignored('update');
  const level = LEVELS.get(word(status).toUpperCase());
  if (level === undefined) return junk('unknown receipt status');
  if (classifyJid(text(key.remoteJid) ?? '') === 'group' && !GROUP_LEVELS.has(level)) return ignored('group');
  return { kind: 'receipt', gatewayId, level, ...(level === 'nack' ? codeOf(entry) : {}) };
}

/** Why WhatsApp refused it, 463 for instance; numbers only, as the rest would be anybody's text. */
function codeOf(entry: unknown): { code?: string } {
  const code = word(list(at(entry, 'update', 'messageStubParameters'))[0]);
  return /^\d{1,6}$/.test(code) ? { code } : {};
}
