/** Returns the source key of a message that came in on a connection: its id there, by the gateway's own id. */
export function sourceKeyOf(connectionId: string, gatewayId: string): string {
  return `${connectionId}:${gatewayId}`;
}
