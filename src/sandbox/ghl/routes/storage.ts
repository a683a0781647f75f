import { text, type Reply } from '../../kit/answer';
import { refuse } from '../replies';
import { newId, type GhlState } from '../records/state';
import type { Call, GhlRoute } from './route';

/** Keeps a file as GHL's storage does. Returns the path of its public address. */
export function storeFile(state: GhlState, name: string, bytes: Buffer, type: string): string {
  const id = newId();
  state.files.set(id, { bytes, type });
  return `/storage/${id}/${encodeURIComponent(name)}`;
}

function get({ state, params }: Call): Reply {
  const file = state.files.get(params.id ?? '');
  return file === undefined ? refuse(404, 'No such object') : text(200, file.bytes, file.type);
}

/** The public storage in which GHL keeps what an agent attaches; anybody with the address may read it. */
export const STORAGE_ROUTES: readonly GhlRoute[] = [
  { method: 'GET', path: '/storage/:id/:name', operation: 'storage', handle: get },
];
