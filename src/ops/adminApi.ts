import { request, type Dispatcher } from 'undici';
import { OpsError } from './opsError';

/** The running bridge's operator API. Its calls return the answer's JSON and throw OpsError for a refusal. */
export interface AdminApi {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: object): Promise<T>;
  patch<T>(path: string, body: object): Promise<T>;
  /** Returns the lines of a streamed answer as they come. */
  lines(path: string): AsyncIterable<string>;
}

type Method = 'GET' | 'POST' | 'PATCH';

/** Sealing a large store anew, or a gateway that thinks for long, takes its time. */
const TIMEOUT_MS = 600_000;

/** Returns a client of the admin listener at an address without a slash at its end. */
export function createAdminApi(address: string, token: string): AdminApi {
  const ask = async (method: Method, path: string, body?: object): Promise<Dispatcher.ResponseData> => {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const wire = { method, headers, body: body && JSON.stringify(body) };
    const timeouts = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
    return await request(`${address}${path}`, { ...wire, ...timeouts }).catch((error: unknown) => {
      throw stopped(address, error);
    });
  };
  const call = async <T>(method: Method, path: string, body?: object): Promise<T> => {
    const answer = await ask(method, path, body);
    const document = parse(await answer.body.text());
    if (answer.statusCode < 300 && document !== undefined) return document as T;
    throw refusal(address, answer.statusCode, document);
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    async *lines(path) {
      const answer = await ask('GET', path);
      if (answer.statusCode >= 300) throw refusal(address, answer.statusCode, parse(await answer.body.text()));
      try {
        yield* linesOf(answer.body);
      } catch (error) {
        throw stopped(address, error);
      }
    },
  };
}

/** Not readline's: what breaks the stream off must be thrown here. */
async function* linesOf(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function stopped(address: string, error: unknown): OpsError {
  return new OpsError(`The bridge at ${address} stopped answering (${codeOf(error)}).`);
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
