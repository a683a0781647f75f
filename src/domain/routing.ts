/** Which connection a message leaves on: a pure function of (location, contact, provider). */
export interface RoutingFacts {
  channel: string;
  /** The conversation provider that the message came through; null: through none. */
  providerId: string | null;
  /** The location's connections, oldest first. */
  connections: readonly RoutableConnection[];
  /** The connection on which this contact has unfinished messages, if any: they stay together. */
  unfinishedOn: string | null;
  /** The connection of the last message from or to this contact, if any. */
  lastOn: string | null;
  /** The contact's tags in GHL; null: nobody has asked yet. */
  tags: readonly string[] | null;
  rules: RoutingRules;
}

/** What a location has set for its numbers. */
export interface RoutingRules {
  /** The first one whose tag the contact has decides. */
  tagConnections: readonly TagRule[];
  /** The connection of everybody else; null: the oldest. */
  defaultConnection: string | null;
}

export interface TagRule {
  tag: string;
  connectionId: string;
}

export interface RoutableConnection {
  id: string;
  channel: string;
  /** The providers that it is kept for (its setting `providers`); absent: for all that have none of their own. */
  providers?: readonly string[];
}

/** `ask`: only the contact's tags can tell, and they are not known. */
export type Route = { kind: 'on'; connectionId: string } | { kind: 'none' } | { kind: 'ask' };

/**
 * Returns the connection to use. A contact stays where it has unfinished messages; then the location's rule decides,
 * among the connections of the channel that are kept for the provider (or, without such, for none): the contact's last
 * number, then its tags, then the location's default, then the oldest. `none`: the location has no connection for this
 * channel and provider.
 */
export function routeOf(facts: RoutingFacts): Route {
  const { channel, providerId, unfinishedOn } = facts;
  const ofChannel = facts.connections.filter((connection) => connection.channel === channel);
  const own = ofChannel.filter(({ providers }) => providerId !== null && providers?.includes(providerId) === true);
  const shared = ofChannel.filter(({ providers }) => providers === undefined);
  const stays = [...own, ...shared].find(({ id }) => id === unfinishedOn);
  if (stays !== undefined) return on(stays.id);
  return byRule(
    facts,
    (own.length > 0 ? own : shared).map(({ id }) => id),
  );
}

function byRule({ lastOn, tags, rules }: RoutingFacts, fit: readonly string[]): Route {
  const [oldest] = fit;
  if (oldest === undefined) return { kind: 'none' };
  if (lastOn !== null && fit.includes(lastOn)) return on(lastOn);
  const tagRules = rules.tagConnections.filter(({ connectionId }) => fit.includes(connectionId));
  if (tagRules.length > 0 && fit.length > 1) {
    if (tags === null) return { kind: 'ask' };
    const has = new Set(tags.map(sameTag));
    const rule = tagRules.find(({ tag }) => has.has(sameTag(tag)));
    if (rule !== undefined) return on(rule.connectionId);
  }
  const chosen = fit.find((id) => id === rules.defaultConnection);
  return on(chosen ?? oldest);
}

/** GHL keeps tags in lower case (observed); people write them as they like. */
function sameTag(tag: string): string {
  return tag.trim().toLowerCase();
}

function on(connectionId: string): Route {
  return { kind: 'on', connectionId };
}
