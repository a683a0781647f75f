import type { App } from '../app';
import type { Scope, WakeRef } from '../store/context';
import type { ConnectionRow } from '../store/rows';

/** Where an event comes from. */
export interface EventSource {
  app: App;
  scope: Scope;
  connection: ConnectionRow;
}

export interface EventApplied {
  /** Whom to wake. */
  wakes?: WakeRef[];
  /** True: it was not understood, or nobody knows whom it belongs to. */
  puzzled?: boolean;
}
