/**
 * Routes whose path holds a secret; everything behind the prefix goes. In any case, as routers match. A match begins
 * only where a run of slashes begins: a path of slashes alone would otherwise be searched over and over.
 */
const SECRET_ROUTES: readonly [RegExp, string][] = [
  [/((?<!\/)\/+ghl\/+delivery\/+)[^/].*/i, '$1:secret'],
  [/((?<!\/)\/+waapify\/+webhooks\/+)[^/].*/i, '$1:secret'],
  [/((?<!\/)\/+media\/+)[^/].*/i, '$1:token/:name'],
];

/**
 * Returns an address, or a path of one, without what may be secret in it: query and fragment (the gateway takes its
 * token in the query, OAuth its code), user name and password, and the secret segments of our own routes.
 */
export function redactUrl(url: string): string {
  const [bare = ''] = url.split(/[?#]/, 1);
  const open = withoutUserInfo(bare);
  return SECRET_ROUTES.reduce((text, [route, replacement]) => text.replace(route, replacement), open);
}

/** A password may hold a slash unescaped; where the address does not parse, all before the last @ goes. */
function withoutUserInfo(url: string): string {
  const pattern = URL.canParse(url) ? /:\/\/[^/]*@/ : /:\/\/.*@/;
  return url.replace(pattern, '://');
}
