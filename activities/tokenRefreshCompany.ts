import { DomainError } from '../src/domain/errors';
import type { RenewAnswer } from '../src/domain/tokenRefresh';
import type { TokenRefreshArgs } from '../src/domain/workflowTypes';
import type { CompanyOf } from '../src/store/tokenRefresh';
import type { AccessToken } from '../src/store/tokens';
import { isTooNear, isVainToRenew } from './accessToken';
import type { ActivityDeps } from './deps';
import { askForPair, keepPair } from './tokenRefreshPair';

/**
 * The company's path: a location that was installed through its agency gets a new pair out of the agency's own token,
 * which is renewed first when it has to be; nobody waits in here for that. Returns `refused` where there is no such
 * path. Throws `token_refreshing` (benign, later) and what asking GHL throws.
 */
export async function mintFromCompany(
  deps: ActivityDeps,
  { resourceId, tokenVersion }: TokenRefreshArgs,
): Promise<RenewAnswer> {
  const company = await deps.app.store.tokens.companyOf(resourceId);
  const access = company === null ? null : await accessOf(deps, company);
  if (company === null || access === null) return 'refused';
  if (access === 'not_active') return access;
  const { companyId } = company;
  const mint = () => deps.app.ghl.locationToken(access.accessToken, { companyId, locationId: resourceId });
  const grant = await askForPair(deps, 'company', mint).catch((error: unknown) =>
    renewRefused(deps, companyId, access, error),
  );
  if (typeof grant === 'string') return grant;
  deps.proofs.add(companyId, access.version);
  return await keepPair(deps, { resourceId, tokenVersion, kind: 'location', way: 'company' }, grant);
}

/** Returns the company's token while it is good; null where it has lost its own access. */
async function accessOf(
  deps: ActivityDeps,
  { companyId, state }: CompanyOf,
): Promise<AccessToken | 'not_active' | null> {
  if (state === 'suspended') return 'not_active';
  const token = await deps.app.store.tokens.read(companyId);
  if (state !== 'installed' || token === null) return null;
  if (isTooNear(token)) await renewCompany(deps, companyId, token.version);
  return token;
}

/** GHL refused the company's token: it is renewed, unless the next one would fare no better. */
async function renewRefused(
  deps: ActivityDeps,
  companyId: string,
  token: AccessToken,
  error: unknown,
): Promise<'refused'> {
  if (!(error instanceof DomainError) || error.code !== 'ghl_unauthorized') throw error;
  if (!isVainToRenew(deps, companyId, token)) await renewCompany(deps, companyId, token.version);
  return 'refused';
}

async function renewCompany(deps: ActivityDeps, companyId: string, version: number): Promise<never> {
  await deps.app.starter.refreshToken(companyId, version);
  throw new DomainError('token_refreshing', 'later', "The company's token is being renewed.", { benign: true });
}
