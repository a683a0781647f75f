import { DomainError } from '../src/domain/errors';
import type { TokenRefreshArgs } from '../src/domain/workflowTypes';
import type { ActivityDeps } from './deps';

/** How a refresh ended, in words that may stand in a history. */
export type RefreshOutcome = 'refreshed' | 'superseded' | 'reauth_required' | 'suspended';

/** A refused token is tried once more: the first refusal may be the echo of an answer that got lost. */
const REFUSALS = 2;

/** The activities of a token's renewal. */
export function createTokenRefreshActivities({ app }: ActivityDeps) {
  const { store, ghl, logger } = app;
  return {
    /**
     * Spends one refresh token and stores its successor before anybody uses it; nothing is locked across the call. A
     * lost answer is repeated with the same token (GHL's changelog: the same pair comes back within 30 seconds).
     * Throws `ghl_unavailable` and the like (later).
     */
    async refreshToken({ resourceId, tokenVersion }: TokenRefreshArgs): Promise<RefreshOutcome> {
      const begun = await store.tokens.beginRefresh(resourceId, tokenVersion);
      if (begun === null) return 'superseded';
      try {
        const grant = await ghl.refresh({ refreshToken: begun.refreshToken, userType: 'Location' });
        return (await store.tokens.finishRefresh(resourceId, tokenVersion, grant)) ? 'refreshed' : 'superseded';
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        if (error.code === 'location_not_active') return await hold(resourceId, tokenVersion, 'suspended');
        if (error.code !== 'token_spent') throw error;
        if (begun.attempt < REFUSALS)
          throw new DomainError('token_spent', 'later', error.message, { retryAfterMs: 1_000 });
        return await hold(resourceId, tokenVersion, 'reauth_required');
      }
    },
  };

  /** A reinstall may have brought another pair while the old one was refused: then nothing is lost. */
  async function hold(
    locationId: string,
    version: number,
    state: 'suspended' | 'reauth_required',
  ): Promise<RefreshOutcome> {
    const held = await store.installations.holdForToken({ locationId }, version, state, 'token refresh');
    if (!held) return 'superseded';
    logger.warn({ locationId, state }, 'A location lost its access; its messages are held');
    return state;
  }
}
