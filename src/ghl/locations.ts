import { z } from 'zod';
import type { GhlAccess } from './access';
import type { GhlHttp } from './http';
import { CORE_VERSION } from './operations';
import { pathId } from './pathId';
import { maybe, readAnswer } from './shapes';

export interface Location {
  name: string | null;
  /** ISO 3166-1 alpha-2, the region of phone numbers without a country code. */
  country: string | null;
  /** IANA time zone. */
  timezone: string | null;
}

export interface LocationsApi {
  /** Returns what a location says of itself; needs the scope `locations.readonly`. Throws the general codes. */
  getLocation(access: GhlAccess, locationId: string): Promise<Location>;
}

const locationShape = z.object({ location: z.object({ name: maybe, country: maybe, timezone: maybe }) });

/** Returns the location endpoints. */
export function createLocationsApi(http: GhlHttp): LocationsApi {
  return {
    async getLocation(access, locationId) {
      const path = `/locations/${pathId(locationId)}`;
      const request = { operation: 'location.get', method: 'GET', path, version: CORE_VERSION, access } as const;
      const { location } = readAnswer('location.get', locationShape, await http.request(request));
      return {
        name: location.name ?? null,
        country: location.country ?? null,
        timezone: location.timezone ?? null,
      };
    },
  };
}
