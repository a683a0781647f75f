import type { SendOutcome } from '../gateway';

export type NotSentCause = Extract<SendOutcome, { kind: 'not_sent' }>['cause'];

/**
 * Knows whether a request may have left this machine: shut until a connection stands and its owner agrees to write,
 * then open for good. Everything before the opening is provably not sent, everything after it may have been.
 */
export class WriteGate {
  private state: 'waiting' | 'open' | 'shut' = 'waiting';
  private why: NotSentCause = 'refused';

  constructor(private readonly mayWrite: () => boolean) {}

  get opened(): boolean {
    return this.state === 'open';
  }

  /** Why nothing was written; meaningful only while the gate is not open. */
  get cause(): NotSentCause {
    return this.why;
  }

  /** Opens the gate at the moment of writing. Returns false where nothing may be written any more. */
  open(): boolean {
    if (this.state !== 'waiting') return false;
    if (this.mayWrite()) this.state = 'open';
    else this.shut('stale_claim');
    return this.opened;
  }

  /** Shuts a gate that is not open yet, for good; the first cause stays. */
  shut(cause: NotSentCause): void {
    if (this.state !== 'waiting') return;
    this.state = 'shut';
    this.why = cause;
  }
}
