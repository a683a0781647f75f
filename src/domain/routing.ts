/** Which connection a message leaves on: a pure function of (location, contact, provider). */
export interface RoutingFacts {
  channel: string;
  /** The location's connections, oldest first. */
  connections: readonly { id: string; channel: string }[];
  /** The connection on which this contact has unfinished messages, if any: they stay together. */
  unfinishedOn: string | null;
}

/** Returns the id of the connection to use, or null when the location has none for this channel. */
export function routeOf(facts: RoutingFacts): string | null {
  const fit = facts.connections.filter((connection) => connection.channel === facts.channel);
  const kept = fit.find((connection) => connection.id === facts.unfinishedOn);
  return (kept ?? fit[0])?.id ?? null;
}
