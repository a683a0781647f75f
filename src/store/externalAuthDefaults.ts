import type { GatewayEndpoint } from '../channels/gateway';
import type { Scope, StoreContext } from './context';
import { txAfterRace } from './race';
import type { ExternalAuthCompanyRow, LocationRow } from './rows';

/** A company's gateway token and the locations that may use it. */
export interface CompanyDefault {
  token: string;
  /** Absent: not known yet. */
  dialect?: GatewayEndpoint['dialect'];
  /** True: every location of the company but the excluded ones, future ones too. */
  approveAll: boolean;
  named: string[];
  excluded: string[];
}

/**
 * Keeps a company's default, sealed; a later one replaces it. The row belongs to the company whose id it bears. Returns
 * whether it differs from what was kept.
 */
export async function keepDefault(ctx: StoreContext, companyId: string, given: CompanyDefault): Promise<boolean> {
  return await txAfterRace(ctx.db, async (trx) => {
    const own = { company_id: companyId };
    const known = await trx<ExternalAuthCompanyRow>('external_auth_companies').where(own).forUpdate().first();
    const lists = {
      approve_all: given.approveAll ? (1 as const) : (0 as const),
      named: JSON.stringify([...given.named].sort()),
      excluded: JSON.stringify([...given.excluded].sort()),
    };
    const dialect = given.dialect ?? known?.dialect ?? null;
    if (known !== undefined && openToken(ctx, known) === given.token && isSame(known, { ...lists, dialect })) {
      return false;
    }
    const token = ctx.crypto.seal(given.token, `external_auth_companies/${companyId}/token`);
    const columns = { ...lists, dialect, token_sealed: token, kept_at: await ctx.db.now(trx) };
    if (known === undefined) await trx('external_auth_companies').insert({ ...own, ...columns });
    else await trx<ExternalAuthCompanyRow>('external_auth_companies').where(own).update(columns);
    return true;
  });
}

type Compared = Pick<ExternalAuthCompanyRow, 'approve_all' | 'named' | 'excluded' | 'dialect'>;

function isSame(known: ExternalAuthCompanyRow, given: Compared): boolean {
  return (Object.keys(given) as (keyof Compared)[]).every((name) => known[name] === given[name]);
}

function openToken(ctx: StoreContext, row: ExternalAuthCompanyRow): string {
  return ctx.crypto.open(row.token_sealed, `external_auth_companies/${row.company_id}/token`);
}

/**
 * Returns the token that a location may use because its company gave one for it, null where there is none. Which
 * company it belongs to is what GHL said at its install, never what a request says.
 */
export async function defaultOf(
  ctx: StoreContext,
  { locationId }: Scope,
): Promise<Pick<CompanyDefault, 'token' | 'dialect'> | null> {
  const location = await ctx.db.knex<LocationRow>('locations').where({ location_id: locationId }).first();
  if (location?.company_id == null || location.state === 'unknown' || location.state === 'uninstalled') return null;
  const own = { company_id: location.company_id };
  const row = await ctx.db.knex<ExternalAuthCompanyRow>('external_auth_companies').where(own).first();
  if (row === undefined || !mayUse(row, locationId)) return null;
  return { token: openToken(ctx, row), dialect: row.dialect ?? undefined };
}

function mayUse(row: ExternalAuthCompanyRow, locationId: string): boolean {
  const has = (list: string): boolean => (JSON.parse(list) as string[]).includes(locationId);
  return !has(row.excluded) && (row.approve_all === 1 || has(row.named));
}
