import type { Readable } from 'node:stream';
import type { Dispatcher, Pool } from 'undici';

export type WireHeaders = Record<string, string | string[] | undefined>;

export interface WireRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with query, as written on the wire. */
  path: string;
  headers: Record<string, string>;
  /** A stream is read once, and ended whatever becomes of the exchange. */
  body?: string | Readable;
  /** For the whole exchange: connecting, waiting and reading. */
  timeoutMs: number;
  maxBytes: number;
}

/**
 * What became of one HTTP exchange. `code` is a word such as `ECONNREFUSED`, `timeout` or `too_large`;
 * `written` tells whether the request may have reached the other side.
 */
export type WireOutcome =
  | { kind: 'answer'; status: number; headers: WireHeaders; text: string }
  | { kind: 'failed'; code: string; written: boolean };

/**
 * Carries out one HTTP exchange and returns its outcome; never throws and never repeats. It drives the dispatcher by
 * hand, because only the dispatcher says when the connection stands and the request is about to be written:
 * a failure before that point is safe to repeat, a failure after it is not.
 */
export function exchange(pool: Pool, request: WireRequest): Promise<WireOutcome> {
  return new Promise((resolve) => {
    const handler = new ExchangeHandler(request, resolve);
    const { method, path, headers, body = null, timeoutMs } = request;
    const phases = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
    try {
      pool.dispatch({ method, path, headers, body, ...phases }, handler);
    } catch (error) {
      handler.giveUp(codeOf(error));
    }
  });
}

/** Collects one answer; its clock runs from the start, while the request may still wait for a connection. */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private readonly chunks: Buffer[] = [];
  private controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private headers: WireHeaders = {};
  private bytes = 0;
  private over = false;

  constructor(
    private readonly request: WireRequest,
    private readonly resolve: (outcome: WireOutcome) => void,
  ) {
    this.timer = setTimeout(() => this.giveUp('timeout'), request.timeoutMs);
  }

  /** Ends the exchange as failed, unless it is over. A controller means that the request was about to be written. */
  giveUp(code: string): void {
    if (this.over) return;
    this.end({ kind: 'failed', code, written: this.controller !== undefined });
    this.controller?.abort(new Error(code));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.over) controller.abort(new Error('timeout'));
    else this.controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: WireHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > this.request.maxBytes) this.giveUp('too_large');
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const text = Buffer.concat(this.chunks).toString('utf8');
    if (!this.over) this.end({ kind: 'answer', status: this.status, headers: this.headers, text });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.giveUp(codeOf(error));
  }

  private end(outcome: WireOutcome): void {
    this.over = true;
    clearTimeout(this.timer);
    this.resolve(outcome);
  }
}

/** Returns the error's code word; its text is dropped, for a parser's error quotes the answer. */
function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
