import { invalidInput } from '../domain/errors';

/** What GHL's external authentication brings, in clear; the lists hold no id twice. */
export interface ExternalAuthFields {
  accessToken: string;
  instanceId: string;
  /** As a person wrote it. */
  number: string;
  /** Absent: the install is one location's own. */
  companyId?: string;
  locationIds: string[];
  /** True: all locations of the company, future ones too. */
  approveAll: boolean;
  excludedIds: string[];
}

export interface ExternalAuthPlan {
  /** The location that gets the instance; absent: each one picks an instance of its own later. */
  locationId?: string;
  /** Whose default the token becomes; absent: it serves the one location alone. */
  company?: { companyId: string; approveAll: boolean; named: string[]; excluded: string[] };
}

/**
 * Returns whom the credentials are for; pure. An instance belongs to one location, so it goes to the one that is named;
 * for several the token alone is kept. Throws `invalid_input` (422) where nobody is named, or several without their
 * company.
 */
export function planExternalAuth({ companyId, approveAll, ...fields }: ExternalAuthFields): ExternalAuthPlan {
  const excluded = new Set(fields.excludedIds);
  const named = fields.locationIds.filter((id) => !excluded.has(id));
  const locationId = named.length === 1 ? named[0] : undefined;
  if (named.length > 1 && companyId === undefined) {
    throw refused('companyId', 'is required where several locations are named: the token is kept for their company');
  }
  if (named.length === 0 && (companyId === undefined || !approveAll)) {
    throw refused('locationId', 'must name at least one location that is not excluded, or approve all of a company');
  }
  if (companyId === undefined || (locationId !== undefined && !approveAll)) return { locationId };
  return { locationId, company: { companyId, approveAll, named, excluded: fields.excludedIds } };
}

function refused(path: string, message: string): Error {
  return invalidInput([{ path, message }], { status: 422 });
}
