import { DomainError } from '../domain/errors';

/**
 * Returns an id as one segment of a path. Throws `ghl_rejected` for an empty id and for dots alone: ids come from
 * outside, and a server would read those as another path.
 */
export function pathId(id: string): string {
  if (/^\.*$/.test(id))
    throw new DomainError('ghl_rejected', 'never', 'The id can not be one of GHL.', { status: 502 });
  return encodeURIComponent(id);
}
