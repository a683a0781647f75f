import { text } from '../../kit/answer';
import { instanceOf, tokenRefusal } from '../access';
import { failure, success } from '../bodies';
import { addInstance } from '../records/instances';
import { newInstanceId } from '../records/state';
import { qrPng } from '../qrPng';
import type { Endpoint } from './endpoint';

/** `createinstance`: hands out an instance of the team that was never activated, if there is one. */
export const createInstance: Endpoint = (state, call) => {
  const refused = tokenRefusal(state, call);
  if (refused !== undefined) return refused;
  const token = call.params.access_token ?? '';
  const own = [...state.instances.values()].filter((instance) => instance.token === token);
  const unused = own.find((instance) => instance.state === 'created');
  const { maxInstances } = state.settings;
  if (unused === undefined && own.length >= maxInstances) {
    return failure(call.generation, `You can only add up to ${maxInstances} Whatsapp accounts`);
  }
  const { id } = unused ?? addInstance(state, { token, state: 'created' });
  return success(call.generation, 'Instance ID generated successfully', { instance_id: id });
};

/** `getqrcode`: a QR code to scan, as JSON or as a raw PNG. */
export const getQrCode: Endpoint = (state, call) => {
  const access = instanceOf(state, call);
  if (!access.ok) return access.reply;
  const { instance } = access;
  if (instance.state === 'connected' || instance.state === 'no_session') {
    return failure(call.generation, 'Instance ID has been used');
  }
  instance.state = 'qr';
  state.watch.changed();
  const png = qrPng(`sandbox,${instance.id},${state.now()}`);
  if (state.settings.qrAs === 'png') return text(200, png, 'image/png');
  return success(call.generation, 'Success', { base64: `data:image/png;base64,${png.toString('base64')}` });
};

/** `reconnect`: tells who is logged in, and wakes a session that the worker has lost. */
export const reconnect: Endpoint = (state, call) => {
  const access = instanceOf(state, call);
  if (!access.ok) return access.reply;
  const { instance } = access;
  if (instance.state !== 'connected' && instance.state !== 'no_session') {
    return failure(call.generation, 'Error', { relogin: true });
  }
  instance.state = 'connected';
  state.watch.changed();
  const data = { id: `${instance.number}:12@s.whatsapp.net`, name: 'Sandbox phone', avatar: '' };
  return success(call.generation, 'Success', { data });
};

/** `reboot`: in truth a logout; a new scan is needed. */
export const reboot: Endpoint = (state, call) => {
  const access = instanceOf(state, call);
  if (!access.ok) return access.reply;
  access.instance.state = 'logged_out';
  state.watch.changed();
  return success(call.generation);
};

/** `resetinstance`: logout, another instance id, and the webhook is forgotten. The answer does not tell the new id. */
export const resetInstance: Endpoint = (state, call) => {
  const access = instanceOf(state, call);
  if (!access.ok) return access.reply;
  const { id, token, auto } = access.instance;
  state.instances.delete(id);
  addInstance(state, { id: newInstanceId(), token, auto, state: 'created' });
  return success(call.generation, 'Reset Instance ID was successful');
};
