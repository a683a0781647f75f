import type { GatewayEvent } from '../../gateway';

/** Returns the event for something that was not understood. `why` says what is wrong with its shape, never its content. */
export function junk(why: string): GatewayEvent {
  return { kind: 'junk', why };
}

/** Returns the event for something that is understood and deliberately not used. */
export function ignored(what: string): GatewayEvent {
  return { kind: 'ignored', what };
}

/** Returns the events of all entries; one that can not be read becomes junk and costs nothing to those beside it. */
export function eachEntry(entries: unknown[], read: (entry: unknown) => GatewayEvent[]): GatewayEvent[] {
  return entries.flatMap((entry) => {
    try {
      return read(entry);
    } catch {
      return [junk('unreadable entry')];
    }
  });
}
