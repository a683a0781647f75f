import type { GhlAccess } from '../../src/ghl/access';

/** Returns the access with which a test of single calls speaks for a location. */
export function accessOf(accessToken: string, more: Partial<GhlAccess> = {}): GhlAccess {
  return { accessToken, resourceId: 'loc1', priority: 'high', ...more };
}
