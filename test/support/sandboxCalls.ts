/** An answer as the tests look at it. */
export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  /** The body parsed; undefined when it is no JSON. */
  json: unknown;
}

export interface CallOptions {
  token?: string;
  /** The `Version` header; null leaves it out. */
  version?: string | null;
  json?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
  timeoutMs?: number;
  /** Gives up when it aborts. */
  signal?: AbortSignal;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Makes one HTTP call; redirects are answers. Rejects like fetch when there is no answer. */
export async function call(method: string, url: string, options: CallOptions = {}): Promise<Answered> {
  const { token, version = '2021-04-15', json, form, timeoutMs = 5_000 } = options;
  const headers: Record<string, string> = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(version !== null && { version }),
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...options.headers,
  };
  const body = form === undefined ? JSON.stringify(json) : new URLSearchParams(form);
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    signal: options.signal ?? AbortSignal.timeout(timeoutMs),
    ...(json !== undefined || form !== undefined ? { body } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

/** Returns the text at a path of a JSON answer: `textAt(answer, 'contact.id')`. Throws when there is none. */
export function textAt({ json, text }: Answered, path: string): string {
  const found = path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], json);
  if (typeof found !== 'string') throw new Error(`no text at ${path} of ${text.slice(0, 200)}`);
  return found;
}
