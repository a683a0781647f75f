import { cancelUninstalled } from '../src/commands/cancelUninstalled';
import { learnLocation } from '../src/commands/learnLocation';
import { DomainError } from '../src/domain/errors';
import { SUSPENDED_RETRY_MS } from '../src/domain/tokenRefresh';
import type { InstallationStep } from '../src/domain/workflowTypes';
import type { InstallationRow } from '../src/store/installations/row';
import type { StepEnd } from '../src/store/installations/steps';
import { accessTokenOf, renewRefusedToken } from './accessToken';
import type { ActivityDeps } from './deps';
import { takeStep, UNKNOWN_STEP } from './installationStep';

const DONE: StepEnd = { kind: 'done' };
/** A location that does not say what it is called is not asked for ever. */
const MOST_DESCRIPTION_TRIES = 5;

/** Does the next step of a location: get its tokens, learn what it is called, or clear away what was uninstalled. */
export async function advanceLocation(deps: ActivityDeps, locationId: string): Promise<InstallationStep> {
  const begun = await deps.app.store.installations.beginStep(locationId);
  if (begun === null) return UNKNOWN_STEP;
  const { row } = begun;
  if (begun.kind === 'later') return { state: row.state, ms: begun.ms, reason: row.reason };
  return await takeStep(deps, row, () => stepOf(deps, row));
}

async function stepOf(deps: ActivityDeps, row: InstallationRow): Promise<StepEnd> {
  switch (row.state) {
    case 'uninstalled':
      return (await cancelUninstalled(deps.app, { locationId: row.resource_id })) ? { kind: 'next', ms: 0 } : DONE;
    case 'installed':
      return row.name === null && row.tries < MOST_DESCRIPTION_TRIES ? await describe(deps, row) : DONE;
    case 'pending':
    case 'suspended':
    case 'reauth_required':
      return await askCompany(deps, row);
  }
}

async function describe(deps: ActivityDeps, row: InstallationRow): Promise<StepEnd> {
  const scope = { locationId: row.resource_id };
  const { access, version } = await accessTokenOf(deps, scope.locationId, 'low');
  await learnLocation(deps.app, scope, access).catch((error: unknown) =>
    renewWhenRefused(deps, scope.locationId, version, error),
  );
  return DONE;
}

/** Throws what was thrown, or that the token is being renewed. */
async function renewWhenRefused(
  deps: ActivityDeps,
  resourceId: string,
  version: number,
  error: unknown,
): Promise<never> {
  if (error instanceof DomainError && error.code === 'ghl_unauthorized')
    await renewRefusedToken(deps, resourceId, version);
  throw error;
}

/**
 * The company that has the app gives tokens for its locations. Where it has none, a person at the browser brings them,
 * or the location's own renewal: then nothing is to be done here.
 */
async function askCompany(deps: ActivityDeps, row: InstallationRow): Promise<StepEnd> {
  const { store } = deps.app;
  const company = row.company_id === null ? null : await store.installations.get(row.company_id);
  if (company?.kind !== 'company' || company.state !== 'installed') return await withoutCompany(deps, row);
  return await mint(deps, row, company.resource_id);
}

async function withoutCompany({ app }: ActivityDeps, row: InstallationRow): Promise<StepEnd> {
  if (row.state !== 'suspended') return DONE;
  const token = await app.store.tokens.read(row.resource_id);
  if (token !== null) await app.starter.refreshToken(row.resource_id, token.version);
  return { kind: 'retry', reason: 'location_not_active', ms: SUSPENDED_RETRY_MS };
}

async function mint(deps: ActivityDeps, row: InstallationRow, companyId: string): Promise<StepEnd> {
  const { store, ghl, starter } = deps.app;
  const scope = { locationId: row.resource_id };
  const begunAt = await store.now();
  const { access, version } = await accessTokenOf(deps, companyId, 'low');
  const input = { companyId, locationId: scope.locationId, priority: access.priority };
  try {
    const grant = await ghl.locationToken(access.accessToken, input);
    const done = await store.installations.installFromCompany(scope, { companyId, grant, begunAt });
    if (done !== null) await starter.wake(done.wakes);
    return { kind: 'next', ms: 0 };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code !== 'location_not_active') return await renewWhenRefused(deps, companyId, version, error);
    // What was heard while GHL was asked (an UNINSTALL, tokens of its own) is newer than this answer.
    await store.installations.setState(scope, 'suspended', error.code, row);
    return { kind: 'retry', reason: error.code, ms: error.retryAfterMs };
  }
}
