import { later, type Heard, type InstallationState } from './installation';

/**
 * To which company a location belongs. GHL lets an agency hand a location over to another one, and then the other one's
 * tokens, defaults and uninstallation hold for it: so nobody is moved by what may be old, or meant somebody else.
 */

/**
 * Who says it. grant: tokens that GHL gave for the location. install: a signed INSTALL. list: GHL's list of a company's
 * locations. uninstall: a signed UNINSTALL.
 */
export type CompanySource = 'grant' | 'install' | 'list' | 'uninstall';

/** What is known of a location. */
export interface CompanyKnown {
  companyId: string | null;
  state: InstallationState;
  heard: Heard;
}

/** What is said of it now; `at` in epoch milliseconds, null: of no known time. */
export interface CompanySaid {
  companyId: string | null;
  source: CompanySource;
  at: number | null;
}

/**
 * Returns the company that a location belongs to from now on. The first one that is named has it. Another one takes it
 * over by tokens for it; by an INSTALL that is not older than what was heard; by its list as long as the location has no
 * access by its present one (a list may be behind the handing over); never by an UNINSTALL.
 */
export function companyAfter({ companyId: known, state, heard }: CompanyKnown, said: CompanySaid): string | null {
  if (said.companyId === null || said.companyId === known) return known;
  if (known === null) return said.companyId;
  switch (said.source) {
    case 'grant':
      return said.companyId;
    case 'install':
      return isOlder(said.at, later(heard.installAt, heard.grantedAt)) ? known : said.companyId;
    case 'list':
      return state === 'installed' ? known : said.companyId;
    case 'uninstall':
      return known;
  }
}

function isOlder(at: number | null, newest: number | null): boolean {
  return newest !== null && (at === null || at < newest);
}
