import { z } from 'zod';
import { PAGE_LIMIT } from '../domain/installation';
import type { GhlAccess } from './access';
import type { GhlHttp } from './http';
import { CORE_VERSION } from './operations';
import { maybe, needed, readAnswer } from './shapes';

/** One page of the locations of a company that have the app. */
export interface InstalledPage {
  locations: { locationId: string; name: string | null; installedAt: number | null }[];
  /** How many the page showed, also such as have not installed it: the next page begins behind them. */
  size: number;
  /** How many there are in all; null: GHL does not say. */
  count: number | null;
}

export interface InstalledLocationsApi {
  /**
   * Returns one page of at most 100 locations, from `skip` on, by a company's access (scope `oauth.readonly`). Throws the
   * general codes.
   */
  installedLocations(
    access: GhlAccess,
    input: { companyId: string; skip: number; limit?: number },
  ): Promise<InstalledPage>;
}

const pageShape = z.object({
  locations: z.array(z.object({ _id: needed, name: maybe, isInstalled: z.boolean().catch(true), installedAt: maybe })),
  count: z.number().int().nonnegative().optional().catch(undefined),
});

/** Returns the list endpoint for the app with this id; `limit` and `skip` are texts (GHL's OpenAPI files). */
export function createInstalledLocationsApi(http: GhlHttp, app: { clientId: string }): InstalledLocationsApi {
  return {
    async installedLocations(access, { companyId, skip, limit = PAGE_LIMIT }) {
      const operation = 'oauth.installed';
      const query = {
        companyId,
        appId: appIdOf(app.clientId),
        isInstalled: 'true',
        limit: `${limit}`,
        skip: `${skip}`,
      };
      const path = '/oauth/installedLocations';
      const answer = await http.request({ operation, method: 'GET', path, version: CORE_VERSION, access, query });
      const { locations, count } = readAnswer(operation, pageShape, answer);
      const installed = locations.filter(({ isInstalled }) => isInstalled);
      return { locations: installed.map(locationOf), size: locations.length, count: count ?? null };
    },
  };
}

function locationOf({ _id, name, installedAt }: { _id: string; name?: string; installedAt?: string }) {
  const at = Date.parse(installedAt ?? '');
  return { locationId: _id, name: name ?? null, installedAt: Number.isNaN(at) ? null : at };
}

/** Returns the app's id: the part of its client id before the first dash (GHL's own SDK takes it so). */
export function appIdOf(clientId: string): string {
  return clientId.split('-')[0] ?? clientId;
}
