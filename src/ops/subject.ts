import { EXIT, OpsError } from './opsError';
import type { Session } from './session';

/** Whose data is meant, as the command line says it. */
export interface SubjectOptions {
  location?: string;
  contact?: string;
}

/** One location's data, or one contact's in it. */
export interface Subject {
  locationId: string;
  contactId?: string;
}

/**
 * Returns what the options mean: a location, a contact in it, or a contact in every location that holds something of
 * it. Throws OpsError where nothing was named, or nothing is held.
 */
export async function subjectsOf({ admin }: Session, { location, contact }: SubjectOptions): Promise<Subject[]> {
  if (location !== undefined) return [{ locationId: location, contactId: contact }];
  if (contact === undefined) throw new OpsError('Say whose data: --location ID, --contact ID, or both.', EXIT.usage);
  const path = `/admin/v1/contacts/${encodeURIComponent(contact)}`;
  const { locations } = await admin.get<{ locations: string[] }>(path);
  if (locations.length === 0) throw new OpsError('Nothing is held of this contact.');
  return locations.map((locationId) => ({ locationId, contactId: contact }));
}

/** Returns the path under which the admin listener has a subject. */
export function pathOfSubject({ locationId, contactId }: Subject): string {
  const location = `/admin/v1/locations/${encodeURIComponent(locationId)}`;
  return contactId === undefined ? location : `${location}/contacts/${encodeURIComponent(contactId)}`;
}
