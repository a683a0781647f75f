import { EventEmitter } from 'node:events';
import { DomainError } from '../../domain/errors';

/** How long the waiting helpers wait when nothing else is said, in milliseconds. */
const DEFAULT_WAIT_MS = 10_000;

/** Resolves with the first result of `probe`: asked at once and, with the news, at every `change` of the emitter. */
function waitOn<T>(emitter: EventEmitter, probe: (news?: unknown) => T | undefined, timeoutMs: number, what: string) {
  return new Promise<T>((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      emitter.removeListener('change', ask);
      finish();
    };
    const ask = (news?: unknown) => {
      try {
        const result = probe(news);
        if (result !== undefined) settle(() => resolve(result));
      } catch (error) {
        // A probe that throws must fail its own test, not the stand-in that told it the news.
        settle(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    const timer = setTimeout(() => {
      settle(() => reject(new DomainError('sandbox_timeout', 'never', `Waited ${timeoutMs} ms for ${what}.`)));
    }, timeoutMs);
    emitter.on('change', ask);
    ask();
  });
}

/** Tells waiting tests that something in a stand-in has changed. */
export class Watch {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  changed(): void {
    this.emitter.emit('change');
  }

  /**
   * Returns the first truthy result of `probe`, asked now and again at every change; never by polling.
   * Rejects with DomainError `sandbox_timeout`, or with what `probe` throws.
   */
  waitFor<T>(probe: () => T | undefined | null | false, timeoutMs = DEFAULT_WAIT_MS, what = 'a change'): Promise<T> {
    return waitOn(this.emitter, () => probe() || undefined, timeoutMs, what);
  }
}

/** An append-only list of what happened, numbered from 1 in the order of arrival. */
export class Journal<T extends object> {
  private readonly list: (T & { n: number })[] = [];
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  get entries(): readonly (T & { n: number })[] {
    return this.list;
  }

  add(entry: T): T & { n: number } {
    const numbered = { n: this.list.length + 1, ...entry };
    this.list.push(numbered);
    this.emitter.emit('change', numbered);
    return numbered;
  }

  /** Completes an entry whose end was not known when it was added; waiting tests are asked again. */
  update(entry: T & { n: number }, patch: Partial<T>): void {
    Object.assign(entry, patch);
    this.emitter.emit('change', entry);
  }

  /** Returns the entries with a number above `n`, oldest first. */
  after(n: number): readonly (T & { n: number })[] {
    return this.list.slice(Math.max(0, n));
  }

  /**
   * Returns the first entry that fits, among those already there or the ones to come.
   * Rejects with DomainError `sandbox_timeout`.
   */
  waitFor(
    predicate: (entry: T & { n: number }) => boolean,
    timeoutMs = DEFAULT_WAIT_MS,
    what = 'an entry',
  ): Promise<T & { n: number }> {
    const probe = (news?: unknown) => {
      if (news === undefined) return this.list.find(predicate);
      const entry = news as T & { n: number };
      return predicate(entry) ? entry : undefined;
    };
    return waitOn(this.emitter, probe, timeoutMs, what);
  }
}
