/** A route of a stand-in: method, path with `:name` segments, and whatever its table adds. */
export interface RouteKey {
  method: string;
  path: string;
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function match(pattern: string[], actual: string[]): Record<string, string> | undefined {
  if (pattern.length !== actual.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const found = actual[index] ?? '';
    if (expected.startsWith(':')) params[expected.slice(1)] = decode(found);
    else if (expected !== found) return undefined;
  }
  return params;
}

/**
 * Returns the first route that fits, with its path parameters decoded, or undefined. A trailing slash makes no
 * difference; earlier routes win, so literal paths stand before the ones with parameters.
 */
export function findRoute<R extends RouteKey>(
  routes: readonly R[],
  method: string,
  path: string,
): { route: R; params: Record<string, string> } | undefined {
  const actual = segmentsOf(path);
  for (const route of routes) {
    const params = route.method === method ? match(segmentsOf(route.path), actual) : undefined;
    if (params !== undefined) return { route, params };
  }
  return undefined;
}
