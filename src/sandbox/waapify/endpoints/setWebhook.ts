import { instanceOf } from '../access';
import { failure, success } from '../bodies';
import type { Endpoint } from './endpoint';

/** `setwebhook`: one address for each instance; only the word `true` switches it on. */
export const setWebhook: Endpoint = (state, call) => {
  const access = instanceOf(state, call);
  if (!access.ok) return access.reply;
  const { webhook_url: url, enable } = call.params;
  if (!url) return failure(call.generation, 'Webhook URL is required');
  if (!URL.canParse(url)) return failure(call.generation, 'Webhook is not a valid URL');
  if (!enable) return failure(call.generation, 'Enable field is required');
  access.instance.webhook = { url, enabled: enable === 'true' };
  state.watch.changed();
  return success(call.generation, 'Webhook URI Saved');
};
