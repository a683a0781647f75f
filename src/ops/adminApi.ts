import { request } from 'undici';
import { OpsError } from './opsError';

/** The running bridge's operator API. Both calls return the answer's JSON and throw OpsError for a refusal. */
export interface AdminApi {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: object): Promise<T>;
}

/** Sealing a large store anew, or a gateway that thinks for long, takes its time. */
const TIMEOUT_MS = 600_000;

/** Returns a client of the admin listener at an address without a slash at its end. */
export function createAdminApi(address: string, token: string): AdminApi {
  const call = async <T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> => {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const wire = { method, headers, body: body && JSON.stringify(body) };
    const timeouts = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
    const answer = await request(`${address}${path}`, { ...wire, ...timeouts }).catch((error: unknown) => {
      throw new OpsError(`The bridge at ${address} stopped answering (${codeOf(error)}).`);
    });
    const document = parse(await answer.body.text());
    if (answer.statusCode < 300 && document !== undefined) return document as T;
    throw refusal(address, answer.statusCode, document);
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
  };
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'no answer';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface ProblemAnswer {
  code?: string;
  detail?: string;
  errors?: { path: string; message: string }[];
  /** The present state, where that is why it was refused. */
  state?: string;
}

function refusal(address: string, status: number, document: unknown): OpsError {
  const { code, detail, errors = [], state } = (document ?? {}) as ProblemAnswer;
  if (status === 401) {
    return new OpsError(`The bridge at ${address} does not take this ADMIN_TOKEN: use the one it was started with.`);
  }
  if (detail === undefined)
    return new OpsError(`What answers at ${address} is no bridge (HTTP ${status}): check ADMIN_PORT.`);
  const fields = errors.map(({ path, message }) => `  ${path === '' ? 'body' : path}: ${message}`);
  const present = state === undefined ? [] : [`  present state: ${state}`];
  return new OpsError([detail, ...fields, ...present].join('\n'), undefined, code);
}
