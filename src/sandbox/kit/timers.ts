/** The timers of one stand-in; none of them keeps the process alive, all of them end with `stop`. */
export class Timers {
  private readonly running = new Set<NodeJS.Timeout>();
  private stopped = false;

  /** Resolves after `ms` milliseconds, at once for 0; never once the stand-in has stopped. */
  after(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => this.run(ms, resolve));
  }

  /** Calls `action` after `ms` milliseconds unless the stand-in stops first. */
  run(ms: number, action: () => void): void {
    if (this.stopped) return;
    const timer = setTimeout(() => {
      this.running.delete(timer);
      action();
    }, ms);
    timer.unref();
    this.running.add(timer);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.running) clearTimeout(timer);
    this.running.clear();
  }
}
