import type { RenewAnswer, TokenHold } from '../src/domain/tokenRefresh';
import type { TokenRefreshArgs } from '../src/domain/workflowTypes';
import type { ActivityDeps } from './deps';
import { askForPair, keepPair } from './tokenRefreshPair';
import { mintFromCompany } from './tokenRefreshCompany';

/** The activities of a token's renewal. All of them may be repeated: the stored version decides. */
export function createTokenRefreshActivities(deps: ActivityDeps) {
  const { store, ghl, logger } = deps.app;
  return {
    /**
     * Spends the version's refresh token and stores its successor before anybody uses it. A lost answer is repeated
     * with the same token (GHL's changelog: the same pair comes back within 30 seconds). Throws what says nothing about
     * the token: `ghl_unavailable`, `ghl_rate_limited`, `ghl_client_refused` and the like (later).
     */
    async spendRefreshToken({ resourceId, tokenVersion }: TokenRefreshArgs): Promise<RenewAnswer> {
      const begun = await store.tokens.beginRefresh(resourceId, tokenVersion);
      if (begun === null) return 'superseded';
      const { kind, refreshToken } = begun;
      if (refreshToken === null) return 'refused';
      const userType = kind === 'company' ? 'Company' : 'Location';
      const grant = await askForPair(deps, 'own', () => ghl.refresh({ refreshToken, userType }));
      return typeof grant === 'string'
        ? grant
        : await keepPair(deps, { resourceId, tokenVersion, kind, way: 'own' }, grant);
    },

    /** Has a location's pair minted by its company's token; throws as above, and while that is renewed first. */
    mintFromCompany: (args: TokenRefreshArgs): Promise<RenewAnswer> => mintFromCompany(deps, args),

    /**
     * Holds the location (or company) whose token is refused; its messages wait. False: another pair has been stored
     * meanwhile, by a reinstall for example, and nothing is lost.
     */
    async holdForToken({ resourceId, tokenVersion }: TokenRefreshArgs, state: TokenHold): Promise<boolean> {
      const scope = { locationId: resourceId };
      const held = await store.installations.holdForToken(scope, tokenVersion, state, 'token refresh');
      if (held) logger.warn({ resourceId, state }, 'Access was lost; the messages of the location are held');
      return held;
    },
  };
}
