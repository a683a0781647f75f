import type { Reply } from '../../kit/answer';
import { ok, refuse } from '../replies';
import type { Call, GhlRoute } from './route';

function get({ state, params, locationId }: Call): Reply {
  const location = state.locations.get(params.locationId ?? '');
  if (location === undefined) return refuse(400, 'Location not found');
  if (location.id !== locationId) return refuse(403);
  const { id, companyId, name, country, timezone } = location;
  return ok({ location: { id, companyId, name, country, timezone } });
}

export const LOCATION_ROUTES: readonly GhlRoute[] = [
  {
    method: 'GET',
    path: '/locations/:locationId',
    operation: 'location',
    access: { audience: 'location', scope: 'locations.readonly' },
    handle: get,
  },
];
