import type { SandboxRequest } from '../kit/http';
import type { Generation } from './bodies';

/** A request to the API: which endpoint, of which generation, with which parameters. */
export interface Call {
  /** Without underscores and extension: `send_group` and `sendgroupmsg.php` are both `sendgroup`. */
  endpoint: string;
  generation: Generation;
  params: Record<string, string>;
}

function jsonParams(body: Buffer): Record<string, string> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(entries.map(([key, one]) => [key, String(one)]));
  } catch {
    return {};
  }
}

function bodyParams({ headers, body }: SandboxRequest): Record<string, string> {
  const type = headers['content-type'] ?? '';
  if (type.includes('json')) return jsonParams(body);
  if (type.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  return {};
}

/**
 * Returns the call that a request makes, or undefined when its path is no endpoint. v1 reads the query only, whatever
 * the method; v2 also takes a form or JSON body, which wins (Waapify API behaviour).
 */
export function callOf(request: SandboxRequest): Call | undefined {
  const [, name, extension] = /^\/api\/([a-z_]+)(\.php)?$/.exec(request.path) ?? [];
  if (name === undefined) return undefined;
  const generation = extension === undefined ? 'v2' : 'v1';
  const query = Object.fromEntries(request.query);
  return {
    endpoint: name.replaceAll('_', '').replace(/^sendgroupmsg$/, 'sendgroup'),
    generation,
    params: generation === 'v1' ? query : { ...query, ...bodyParams(request) },
  };
}
