import type { Address } from '../../../domain/address';
import type { GatewayEndpoint, NumberCheck } from '../../gateway';
import type { WaapifyClient } from '../client';
import { jidToLid, jidToPhone } from '../jid';
import { at, list, record, text, type JsonRecord } from '../json';
import { replyError } from '../reply';

/**
 * Asks whether a number is on WhatsApp. A positive answer also names the account's hidden identity (`lid`), by which
 * its later messages may come. Anything doubtful is `unknown`, on which nothing may wait. Never throws.
 */
export async function checkPhone(
  client: WaapifyClient,
  endpoint: GatewayEndpoint,
  phone: Address,
  timeoutMs: number,
): Promise<NumberCheck> {
  const params = { type: 'check_phone', number: phone.value.replace(/\D/g, '') };
  const result = await client.call(endpoint, 'send', params, { timeoutMs });
  if (result.kind !== 'answer' || result.status >= 400 || result.reply.kind !== 'json') return { kind: 'unknown' };
  return checkOf(result.reply.fields);
}

/** Nobody has published how hosts say no; an error that says so in such words is taken for one. */
const NOT_THERE = /\bnot (?:available|registered|on whatsapp|exist)/i;

function checkOf(fields: JsonRecord): NumberCheck {
  const error = replyError(fields);
  if (error !== undefined) return NOT_THERE.test(error.text) ? { kind: 'known', exists: false } : { kind: 'unknown' };
  if (!Array.isArray(fields.data)) return { kind: 'unknown' };
  const accounts = list(fields.data).map(record);
  const found = accounts.find((account) => account?.exists === true);
  if (found !== undefined) return { kind: 'known', exists: true, ...namesOf(found) };
  const denied = accounts.every((account) => account?.exists === false);
  return denied ? { kind: 'known', exists: false } : { kind: 'unknown' };
}

function namesOf(account: JsonRecord): { number?: Address; lid?: string } {
  const number = jidToPhone(text(at(account, 'jid')) ?? '');
  const lid = jidToLid(text(at(account, 'lid')) ?? '');
  return {
    ...(number === null ? {} : { number: { channel: 'whatsapp', value: number } }),
    ...(lid === null ? {} : { lid }),
  };
}
