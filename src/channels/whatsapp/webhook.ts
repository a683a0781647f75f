import type { GatewayEvent } from '../gateway';
import { at, list, record, text } from './json';
import { readBody } from './webhook/body';
import { handlerOf } from './webhook/events';
import { eachEntry, junk } from './webhook/entries';

/**
 * Returns what one webhook body says, in the order posted. The envelope is `{instance_id, data: {event, ...}}` in both
 * dialects; a host may post both for one message, which then share their gatewayId. Nothing is signed, so a body that
 * names another instance than the one its secret address belongs to is refused as a whole.
 *
 * `now` (epoch milliseconds) dates messages that carry no time of their own. Never throws.
 */
export function parseWebhook(endpoint: { instanceId: string }, raw: Buffer, now: number): GatewayEvent[] {
  const body = readBody(raw);
  if (body === undefined) return [junk('not JSON')];
  const events = eachEntry(list(body), (envelope) => envelopeEvents(endpoint.instanceId, envelope, now));
  return events.length > 0 ? events : [junk('nothing in it')];
}

function envelopeEvents(instanceId: string, envelope: unknown, now: number): GatewayEvent[] {
  const named = text(at(envelope, 'instance_id'));
  if (named !== undefined && named.trim().toUpperCase() !== instanceId.toUpperCase()) return [junk('other instance')];
  const datas = list(at(envelope, 'data')).filter((data) => record(data) !== undefined);
  if (datas.length === 0) return [junk('no data')];
  return eachEntry(datas, (data) => dataEvents(text(at(envelope, 'event')), data, now));
}

/** The event's name stands beside its payload; some hosts put it one level up, beside `data`. */
function dataEvents(outerName: string | undefined, data: unknown, now: number): GatewayEvent[] {
  const name = text(at(data, 'event'));
  if (name !== undefined) return handlerOf(name)(at(data, 'data') ?? at(data, 'message') ?? data, now);
  return outerName === undefined ? [junk('no event name')] : handlerOf(outerName)(at(data, 'message') ?? data, now);
}
