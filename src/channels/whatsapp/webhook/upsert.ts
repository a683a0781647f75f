import type { GatewayEvent } from '../../gateway';
import { at, list } from '../json';
import { eachEntry } from './entries';
import { messageEvent } from './message';

/**
 * Returns the events of `messages.upsert`: `{type, messages: [...]}`, several messages in one post, own ones among
 * them. `append` marks what was not live for the gateway's session: history, but also the echo of what was sent
 * through its API, so an own message of that type still settles a send.
 */
export function upsertEvents(payload: unknown, now: number): GatewayEvent[] {
  return eachEntry(list(payload), (batch) => {
    const messages = at(batch, 'messages');
    const history = at(batch, 'type') === 'append';
    return eachEntry(list(messages ?? batch), (message) => [messageEvent(message, history, now)]);
  });
}
