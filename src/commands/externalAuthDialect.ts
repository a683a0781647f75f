import type { App } from '../app';
import type { GatewayEndpoint, ProbeResult } from '../channels/gateway';

export interface DialectProbe {
  result: ProbeResult;
  /** The generation in which the host answered; undefined: the default one, or none. */
  dialect?: GatewayEndpoint['dialect'];
}

/** Answers of a host that has no such path: an HTML page, a 404, or a page of plain text. */
const NO_SUCH_PATH = new Set(['html', 'http_404', 'unparsable', 'empty']);

/**
 * Asks a gateway how a number is, in the dialect that is known; where none is, in the older one first and, if the host
 * has no such path, in the younger one (Waapify API behaviour: one product in two generations). Never throws.
 */
export async function probeDialects(
  app: Pick<App, 'gateway'>,
  gateway: string,
  endpoint: GatewayEndpoint,
): Promise<DialectProbe> {
  const adapter = app.gateway(gateway);
  const result = await adapter.probe(endpoint);
  if (endpoint.dialect !== undefined) return { result, dialect: endpoint.dialect };
  if (result.kind !== 'unreachable' || !NO_SUCH_PATH.has(result.cause)) return { result };
  const younger = await adapter.probe({ ...endpoint, dialect: 'slash-v2' });
  return younger.kind === 'unreachable' ? { result } : { result: younger, dialect: 'slash-v2' };
}
