import { reconcileInstallations } from '../src/commands/reconcileInstallations';
import type { InstallationArgs, InstallationStep } from '../src/domain/workflowTypes';
import type { ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';
import { advanceCompany } from './installationCompany';
import { advanceLocation } from './installationLocation';

/** The activities of an installation's workflow. Each may be repeated: the store says what is next. */
export function createInstallationActivities(deps: ActivityDeps) {
  return {
    /**
     * Asks the store what a location or company needs next and does that, one bounded step. Returns where it stands and
     * in how many milliseconds the next step is due; null: none, until something is heard of it.
     */
    async advanceInstallation({ resourceId, kind }: InstallationArgs): Promise<InstallationStep> {
      const advance = kind === 'company' ? advanceCompany : advanceLocation;
      return await withHeartbeat(() => advance(deps, resourceId));
    },

    /** Has everything that is not settled looked at again, and forgets old events and states. Returns how many. */
    async reconcileAll(): Promise<{ marked: number }> {
      const { store } = deps.app;
      await store.appEvents.expire();
      await store.oauthStates.expire();
      return await reconcileInstallations(deps.app, { actor: 'schedule' });
    },
  };
}
