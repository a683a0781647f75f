import { newInstanceId, type WaapifyState } from './state';
import type { Auto, WaapifyInstance } from './types';

/** What may be said of a new instance; `auto` in part. */
export type NewInstance = Partial<Omit<WaapifyInstance, 'auto'>> & { token: string; auto?: AutoPatch };
export type AutoPatch = Partial<Omit<Auto, 'delaysMs'>> & { delaysMs?: Partial<Auto['delaysMs']> };

const NEVER: Auto = {
  echo: false,
  server: false,
  delivered: false,
  read: false,
  delaysMs: { echo: 0, server: 0, delivered: 0, read: 0 },
  reversed: false,
};

/** Echo and all receipts come by themselves, at once and in order. */
const AUTO_ALL: AutoPatch = { echo: true, server: true, delivered: true, read: true };

/** Returns the switches with some of them changed. */
export function changedAuto(auto: Auto, patch: AutoPatch): Auto {
  return { ...auto, ...patch, delaysMs: { ...auto.delaysMs, ...patch.delaysMs } };
}

/** Adds an instance: connected when it has a number, otherwise never scanned; everything by itself unless told. */
export function addInstance(state: WaapifyState, given: NewInstance): WaapifyInstance {
  const instance: WaapifyInstance = {
    id: newInstanceId(),
    state: given.number === undefined ? 'created' : 'connected',
    plan: { messagesLeft: null, expired: false },
    ...given,
    auto: changedAuto(NEVER, given.auto ?? AUTO_ALL),
  };
  state.teams.add(instance.token);
  state.instances.set(instance.id, instance);
  state.watch.changed();
  return instance;
}
