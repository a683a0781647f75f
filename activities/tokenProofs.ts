/** Which token versions GHL has taken at least once, as this process has seen. */
export interface TokenProofs {
  add(resourceId: string, version: number): void;
  has(resourceId: string, version: number): boolean;
}

/** Returns an empty book of proofs: the newest version of each resource. */
export function createTokenProofs(): TokenProofs {
  const newest = new Map<string, number>();
  return {
    add: (resourceId, version) => void newest.set(resourceId, Math.max(version, newest.get(resourceId) ?? 0)),
    has: (resourceId, version) => newest.get(resourceId) === version,
  };
}
