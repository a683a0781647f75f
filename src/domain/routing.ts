/** Which connection a message leaves on: a pure function of (location, contact, provider). */
export interface RoutingFacts {
  channel: string;
  /** The conversation provider that the message came through; null: through none. */
  providerId: string | null;
  /** The location's connections, oldest first. */
  connections: readonly RoutableConnection[];
  /** The connection on which this contact has unfinished messages, if any: they stay together. */
  unfinishedOn: string | null;
}

export interface RoutableConnection {
  id: string;
  channel: string;
  /** The providers that it is kept for (its setting `providers`); absent: for all that have none of their own. */
  providers?: readonly string[];
}

/**
 * Returns the id of the connection to use, or null when the location has none for this channel and provider: the one on
 * which the contact has unfinished messages, else the oldest that is kept for the provider, else the oldest that is
 * kept for none.
 */
export function routeOf({ channel, providerId, connections, unfinishedOn }: RoutingFacts): string | null {
  const ofChannel = connections.filter((connection) => connection.channel === channel);
  const own = ofChannel.filter(({ providers }) => providerId !== null && providers?.includes(providerId) === true);
  const fit = [...own, ...ofChannel.filter(({ providers }) => providers === undefined)];
  const kept = fit.find((connection) => connection.id === unfinishedOn);
  return (kept ?? fit[0])?.id ?? null;
}
