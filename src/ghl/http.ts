import { Pool } from 'undici';
import type { GhlAccess } from './access';
import { parseBody } from './body';
import type { GhlBudget } from './budget';
import { privateValuesOf } from './clean';
import { refusalError, transportError } from './errors';
import { exchange, type WireHeaders, type WireOutcome, type WireRequest } from './exchange';
import { multipartBody, type Multipart, type MultipartBody } from './multipart';
import type { GhlOperation } from './operations';

/** Largest answer that is read: a page of e-mails fits, a stream without end does not. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Connections to GHL's one host, shared by all locations; further requests queue inside their own timeout. */
const MAX_CONNECTIONS = 64;

export interface GhlHttpOptions {
  /** `GHL_API_URL`; a path in it is kept as a prefix. */
  apiUrl: string;
  /** For a whole exchange, in milliseconds; 15000 when absent. */
  timeoutMs?: number;
  /** Told of every exchange: `status` is the HTTP status as text, `none` without an answer, `budget` when not sent. */
  metrics?: { ghlRequest(operation: GhlOperation, status: string): void };
  userAgent?: string;
  /** Asked before each request on behalf of a location; without one nothing is counted. */
  budget?: GhlBudget;
}

export interface GhlRequest {
  operation: GhlOperation;
  method: WireRequest['method'];
  /** Path below the API address; ids in it come from `pathId`. */
  path: string;
  /** For this exchange, in milliseconds; that of all others when absent. */
  timeoutMs?: number;
  /** Left out only for the token endpoint, where a Version header changes the dialect (GHL's OpenAPI files). */
  version?: string;
  /** On whose behalf: everything but OAuth; its budget is asked first. */
  access?: GhlAccess;
  /** A company's token, where a location's is asked for with it: that is counted for no location. */
  accessToken?: string;
  query?: Record<string, string | undefined>;
  /** JSON body; undefined values are left out. */
  json?: Record<string, unknown>;
  /** Form body; undefined values are left out. */
  form?: Record<string, string | undefined>;
  /** Form body with a file. */
  multipart?: Multipart;
  /** Says of an answer outside 2xx that the caller reads it itself, so that it is returned and not thrown. */
  tolerate?: (answer: GhlAnswer) => boolean;
}

export interface GhlAnswer {
  status: number;
  headers: WireHeaders;
  /** Parsed JSON; undefined when the body was empty or no JSON. */
  body: unknown;
}

export interface GhlHttp {
  /**
   * Sends one request, once. Returns the 2xx or tolerated answer; throws DomainError: `ghl_budget` before anything is
   * sent, else those of errorTable.ts.
   */
  request(request: GhlRequest): Promise<GhlAnswer>;
  /** Ends after the requests in flight; they are bounded by their timeout. */
  close(): Promise<void>;
}

/** Returns the request core for GHL's API: one pool, no retry of its own (Temporal retries), no redirects. */
export function createGhlHttp(options: GhlHttpOptions): GhlHttp {
  const base = new URL(options.apiUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const timeoutMs = options.timeoutMs ?? 15_000;
  const pool = new Pool(base.origin, { connections: MAX_CONNECTIONS });

  /** What our own budget refuses is counted too: it shows that a location asks for more than GHL takes. */
  const spend = async ({ access, operation }: GhlRequest): Promise<void> => {
    if (access === undefined || options.budget === undefined) return;
    try {
      await options.budget.take(access.resourceId, access.priority);
    } catch (error) {
      options.metrics?.ghlRequest(operation, 'budget');
      throw error;
    }
  };

  return {
    async request(request) {
      const allowedMs = request.timeoutMs ?? timeoutMs;
      const wire = wireRequest(request, prefix, options.userAgent ?? 'ghl-waapify-bridge', allowedMs);
      const { access } = request;
      await spend(request);
      const sentAt = performance.now();
      const outcome = await exchange(pool, wire);
      if (access !== undefined && outcome.kind === 'answer')
        await options.budget?.heed(access.resourceId, { ...outcome, tookMs: performance.now() - sentAt });
      options.metrics?.ghlRequest(request.operation, outcome.kind === 'answer' ? String(outcome.status) : 'none');
      return answerOf(request, outcome);
    },
    close: () => pool.close(),
  };
}

function wireRequest(request: GhlRequest, prefix: string, userAgent: string, timeoutMs: number): WireRequest {
  const { method, version } = request;
  const accessToken = tokenOf(request);
  const query = encodeFields(request.query ?? {});
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': userAgent };
  if (accessToken !== undefined) headers['authorization'] = `Bearer ${accessToken}`;
  if (version !== undefined) headers['version'] = version;
  const { contentType, length, body } = bodyOf(request);
  if (contentType !== undefined) headers['content-type'] = contentType;
  if (length !== undefined) headers['content-length'] = String(length);
  const path = `${prefix}${request.path}${query === '' ? '' : `?${query}`}`;
  return { method, path, headers, body, timeoutMs, maxBytes: MAX_ANSWER_BYTES };
}

/** Of a stream the length has to be told, or it would go in chunks. */
type WireBody = Omit<MultipartBody, 'body'> & Pick<WireRequest, 'body'>;

function bodyOf({ json, form, multipart }: GhlRequest): Partial<WireBody> {
  if (json !== undefined) return { contentType: 'application/json', body: JSON.stringify(json) };
  if (form !== undefined) return { contentType: 'application/x-www-form-urlencoded', body: encodeFields(form) };
  return multipart === undefined ? {} : multipartBody(multipart);
}

/** URLSearchParams would write an undefined value as the word "undefined"; it writes a plus sign as `%2B`, as it must. */
function encodeFields(fields: Record<string, string | undefined>): string {
  const present = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(present).toString();
}

function answerOf(request: GhlRequest, outcome: WireOutcome): GhlAnswer {
  if (outcome.kind === 'failed') throw transportError(request.operation, outcome);
  const answer: GhlAnswer = { status: outcome.status, headers: outcome.headers, body: parseBody(outcome.text) };
  const isSuccess = answer.status >= 200 && answer.status < 300;
  if (isSuccess || request.tolerate?.(answer) === true) return answer;
  const { operation, query, json, form, multipart } = request;
  const privateValues = privateValuesOf(
    { accessToken: tokenOf(request), file: multipart?.file.name },
    query,
    json,
    form,
  );
  throw refusalError({ operation, ...answer, privateValues });
}

function tokenOf({ access, accessToken }: GhlRequest): string | undefined {
  return access?.accessToken ?? accessToken;
}
