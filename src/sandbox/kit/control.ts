import { z } from 'zod';
import { invalidInput } from '../../domain/errors';
import { json, type Reply } from './answer';
import type { SandboxRequest } from './http';
import type { Journal } from './journal';
import { parsed } from './parse';
import { findRoute, type RouteKey } from './router';

/** A control of a stand-in over HTTP, under `/__sandbox`: what the in-process object offers as a method. */
export interface ControlRoute<S> extends RouteKey {
  handle(sandbox: S, request: SandboxRequest, params: Record<string, string>): unknown;
  /** Runs when the answer is out: for what would cut it off. */
  after?(sandbox: S, request: SandboxRequest): void;
}

const CONTROL_PREFIX = '/__sandbox';

/** Returns true for a path that belongs to the controls and not to the imitated product. */
export function isControl(path: string): boolean {
  return path === CONTROL_PREFIX || path.startsWith(`${CONTROL_PREFIX}/`);
}

/** Returns the answer of a control: 200 with its result as JSON, 404 for a path that is none. */
export async function answerControl<S>(
  routes: readonly ControlRoute<S>[],
  sandbox: S,
  request: SandboxRequest,
): Promise<Reply> {
  const found = findRoute(routes, request.method, request.path.slice(CONTROL_PREFIX.length));
  if (found === undefined) return json(404, { statusCode: 404, message: 'There is no such control.' });
  const { route, params } = found;
  const reply = json(200, (await route.handle(sandbox, request, params)) ?? { ok: true });
  return { ...reply, after: () => route.after?.(sandbox, request) };
}

/** Returns the JSON body of a control request, checked. Throws DomainError `invalid_input` naming every bad field. */
export function controlBody<T extends z.ZodType>(schema: T, request: SandboxRequest): z.output<T> {
  return parsed(schema, parseJson(request.body));
}

function parseJson(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as unknown);
  } catch {
    throw invalidInput([{ path: '', message: 'must be JSON' }]);
  }
}

const pageSchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  waitMs: z.coerce.number().int().min(0).max(60_000).default(0),
});

/**
 * Returns a page of a journal for `?after=<n>&waitMs=<ms>`: the entries above n. With none yet it waits up to waitMs
 * for the first, so that another process can follow a journal without polling.
 */
export async function journalPage<T extends object>(journal: Journal<T>, request: SandboxRequest) {
  const { after, waitMs } = parsed(pageSchema, Object.fromEntries(request.query));
  if (waitMs > 0) await journal.waitFor((entry) => entry.n > after, waitMs).catch(() => undefined);
  return { entries: journal.after(after) };
}
