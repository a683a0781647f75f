import { companyAfter, type CompanySource } from '../../domain/companyOf';
import type { LocationState } from '../../domain/gate';
import { later, mergeHeard, nextState, type Heard, type InstallationState } from '../../domain/installation';
import { writeAudit } from '../audit';
import type { StoreContext, Trx } from '../context';
import { forgetExternalAuth } from '../externalAuthForget';
import { updateLocation } from '../locations';
import { endSessions } from '../sessions';
import type { TokenRow } from '../tokens';

export type ResourceKind = 'location' | 'company';

/** A location or company with the app. Times are epoch milliseconds. */
export interface InstallationRow {
  resource_id: string;
  kind: ResourceKind;
  state: InstallationState;
  state_since: number;
  reason: string | null;
  company_id: string | null;
  created_at: number;
  name: string | null;
  plan_id: string | null;
  /** GHL's own time of the plan. */
  plan_at: number | null;
  install_at: number | null;
  uninstall_at: number | null;
  granted_at: number | null;
  external_auth_at: number | null;
  /** When its next step is due; null: nothing is to be done. Past for long: its workflow was not told. */
  due_at: number | null;
  /** Fruitless tries of the present step. */
  tries: number;
  /** Of a company, while its locations are walked: how many were seen; null: no walk is under way. */
  walk_skip: number | null;
  /** How many GHL says there are. */
  walk_count: number | null;
  walked_at: number | null;
}

/** The name of a resource; its row is the tenant's own. */
export interface Resource {
  resourceId: string;
  kind: ResourceKind;
}

/** Returns a resource's row, locked for the rest of the transaction, or null. */
export async function lockInstallation(trx: Trx, resourceId: string): Promise<InstallationRow | null> {
  const row = await trx<InstallationRow>('installations').where({ resource_id: resourceId }).forUpdate().first();
  return row ?? null;
}

/** Returns what was heard of a resource so far. */
export function heardOf(row: Pick<InstallationRow, 'install_at' | 'uninstall_at' | 'granted_at'>): Heard {
  return { installAt: row.install_at, uninstallAt: row.uninstall_at, grantedAt: row.granted_at };
}

/**
 * Returns the locked row of a resource, made at first sight. A location inherits what was heard of its company's
 * uninstallation: an old INSTALL that comes late must not bring it back.
 */
export async function ensureInstallation(
  ctx: StoreContext,
  trx: Trx,
  { resourceId, kind }: Resource,
  companyId: string | null,
): Promise<InstallationRow> {
  const known = await lockInstallation(trx, resourceId);
  if (known !== null) return known;
  const now = await ctx.db.now(trx);
  const company = companyId === null || kind === 'company' ? null : await readInstallation(trx, companyId);
  const row: InstallationRow = {
    ...{ resource_id: resourceId, kind, state: 'uninstalled', state_since: now, reason: null },
    ...{ company_id: companyId, created_at: now, name: null, plan_id: null, plan_at: null },
    ...{ install_at: null, uninstall_at: company?.uninstall_at ?? null, granted_at: null, external_auth_at: null },
    ...{ due_at: null, tries: 0, walk_skip: null, walk_count: null, walked_at: null },
  };
  await trx<InstallationRow>('installations').insert(row);
  return row;
}

async function readInstallation(trx: Trx, resourceId: string): Promise<InstallationRow | undefined> {
  return await trx<InstallationRow>('installations').where({ resource_id: resourceId }).first();
}

export interface HearOptions {
  /** Tokens are being stored in the same transaction. */
  granted?: boolean;
  /** To which company it belongs, and who says so. */
  company?: { id: string | null; source: CompanySource };
  /** Further columns that change in the same write. */
  set?: Partial<InstallationRow>;
}

/**
 * Takes in what was heard of a resource, in its transaction: state, the location's gate, and its tokens where they died.
 * Whatever changes its state makes its next step due. With an uninstallation goes who looks at its page, and what
 * external authentication brought. Returns the row as it now is.
 */
export async function hear(
  ctx: StoreContext,
  trx: Trx,
  row: InstallationRow,
  heard: Partial<Heard>,
  options: HearOptions = {},
): Promise<InstallationRow> {
  const now = await ctx.db.now(trx);
  const merged = mergeHeard(heardOf(row), heard);
  const state = nextState(row.state, merged, options.granted === true);
  const companyId = companyFor(row, heard, options);
  // Of another company the tokens of one that waits for them may be had at once.
  const isHandedOver = state === 'pending' && companyId !== row.company_id;
  const changed = state !== row.state || options.granted === true || isHandedOver;
  const change: Partial<InstallationRow> = {
    install_at: merged.installAt,
    uninstall_at: merged.uninstallAt,
    granted_at: merged.grantedAt,
    state,
    state_since: state === row.state ? row.state_since : now,
    ...(changed ? { reason: null, due_at: now, tries: 0 } : {}),
    company_id: companyId,
    ...options.set,
  };
  await trx<InstallationRow>('installations').where({ resource_id: row.resource_id }).update(change);
  if (state === 'uninstalled' || state === 'pending') await eraseTokens(ctx, trx, row.resource_id);
  const resource = { resourceId: row.resource_id, kind: row.kind };
  if (heard.uninstallAt != null) await forgetExternalAuth(trx, resource, heard.uninstallAt);
  if (row.kind === 'location') await changeLocation(ctx, trx, row, { state, companyId });
  return { ...row, ...change };
}

function companyFor(row: InstallationRow, heard: Partial<Heard>, { company }: HearOptions): string | null {
  if (company === undefined) return row.company_id;
  const at = later(later(heard.installAt ?? null, heard.uninstallAt ?? null), heard.grantedAt ?? null);
  const known = { companyId: row.company_id, state: row.state, heard: heardOf(row) };
  return companyAfter(known, { companyId: company.id, source: company.source, at });
}

/** A location's gate, and its people: those of the company before have no business there any more. */
async function changeLocation(
  ctx: StoreContext,
  trx: Trx,
  row: InstallationRow,
  { state, companyId }: { state: InstallationState; companyId: string | null },
): Promise<void> {
  const scope = { locationId: row.resource_id };
  await updateLocation(ctx, trx, scope, { state: gateState(state), companyId });
  const isMoved = row.company_id !== null && row.company_id !== companyId;
  if (isMoved || state === 'uninstalled' || state === 'pending') await endSessions(trx, scope);
  if (!isMoved) return;
  const detail = { from: row.company_id, to: companyId };
  await writeAudit(ctx, { actor: 'ghl', action: 'location.moved', ...scope, detail }, trx);
}

/** While no token is here yet, messages wait as those of a location that nobody has installed. */
function gateState(state: InstallationState): LocationState {
  return state === 'pending' ? 'unknown' : state;
}

/** The version goes on, so that a refresh that is under way at this moment can not bring the tokens back. */
async function eraseTokens(ctx: StoreContext, trx: Trx, resourceId: string): Promise<void> {
  const token = await trx<TokenRow>('tokens').where({ resource_id: resourceId }).forUpdate().first();
  if (token === undefined || (token.access_sealed === null && token.refresh_sealed === null)) return;
  await trx<TokenRow>('tokens')
    .where({ resource_id: resourceId })
    .update({
      ...{ version: token.version + 1, access_sealed: null, refresh_sealed: null, expires_at: null },
      ...{ refresh_started_at: null, refresh_attempts: 0, updated_at: await ctx.db.now(trx) },
    });
}
