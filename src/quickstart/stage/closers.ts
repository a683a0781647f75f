/** What was started, to be stopped in the reverse order. */
export interface Closers {
  /** Takes the end of something that runs now; after `closeAll` it is ended at once. */
  add(close: () => unknown): void;
  /** Ends everything, the last started first. What fails to end does not keep the others up. Throws the first error. */
  closeAll(): Promise<void>;
}

/** Returns an empty list of things to stop. */
export function createClosers(): Closers {
  const open: (() => unknown)[] = [];
  let closed = false;

  const closeAll = async (): Promise<void> => {
    closed = true;
    const errors: unknown[] = [];
    for (let close = open.pop(); close !== undefined; close = open.pop()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  };
  return {
    add: (close) => {
      open.push(close);
      // Too late to report: whoever started this has been called off.
      if (closed) closeAll().catch(() => undefined);
    },
    closeAll,
  };
}
