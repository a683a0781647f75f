import { DomainError } from '../src/domain/errors';
import type { InstallationStep } from '../src/domain/workflowTypes';
import type { InstallationRow } from '../src/store/installations/row';
import type { StepEnd } from '../src/store/installations/steps';
import { accessTokenOf, renewRefusedToken } from './accessToken';
import type { ActivityDeps } from './deps';
import { advanceLocation } from './installationLocation';
import { takeStep, UNKNOWN_STEP } from './installationStep';

/** Locations of one step: few, so that a step is short and its end is seen. */
const AT_ONCE = 10;

/** Does the next step of a company: a page of its locations, or what is due for some of them. */
export async function advanceCompany(deps: ActivityDeps, companyId: string): Promise<InstallationStep> {
  const begun = await deps.app.store.installations.beginStep(companyId);
  if (begun === null) return UNKNOWN_STEP;
  return await takeStep(deps, begun.row, () => stepOf(deps, begun.row));
}

async function stepOf(deps: ActivityDeps, row: InstallationRow): Promise<StepEnd> {
  if (row.state === 'installed' && row.walk_skip !== null) return await walk(deps, row.resource_id, row.walk_skip);
  return await serveLocations(deps, row.resource_id);
}

/** One page is stored with the place where the next one begins, so a walk that is cut off goes on there. */
async function walk(deps: ActivityDeps, companyId: string, skip: number): Promise<StepEnd> {
  const { store, ghl, logger } = deps.app;
  const begunAt = await store.now();
  const { access, version } = await accessTokenOf(deps, companyId, 'low');
  try {
    const page = await ghl.installedLocations(access, { companyId, skip });
    const others = await store.installations.recordPage(companyId, { ...page, skip, begunAt });
    if (others.length > 0)
      logger.warn({ companyId, locationIds: others }, 'Listed, but of another company: left there');
    return { kind: 'next', ms: 0 };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'ghl_unauthorized')
      await renewRefusedToken(deps, companyId, version);
    throw error;
  }
}

/**
 * Its locations' steps, one after the other: hundreds of them would only queue before GHL's budget. Once that is spent
 * they all wait.
 */
async function serveLocations({ app, ...deps }: ActivityDeps, companyId: string): Promise<StepEnd> {
  const due = await app.store.installations.dueOfCompany(companyId, AT_ONCE);
  for (const locationId of due) {
    const { reason, ms } = await advanceLocation({ app, ...deps }, locationId);
    if (reason === 'ghl_budget' || reason === 'token_refreshing') return { kind: 'next', ms: ms ?? 0, reason };
  }
  return due.length === 0 ? { kind: 'done' } : { kind: 'next', ms: 0 };
}
