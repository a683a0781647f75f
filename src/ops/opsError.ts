/** Exit codes of `ops`, beside 0. */
export const EXIT = {
  /** The bridge refused, or what was asked for did not come about. */
  failed: 1,
  /** The command line is not right. */
  usage: 2,
  /** No bridge answers, and the store can not be opened from here. */
  noBridge: 3,
} as const;

/** Ends a command: `message` is printed as it is, for a person. */
export class OpsError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
    /** The stable code of the bridge's refusal, if it was one. */
    readonly code?: string,
  ) {
    super(message);
    this.name = 'OpsError';
  }
}
