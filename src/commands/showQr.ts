import type { App } from '../app';
import type { QrResult } from '../channels/gateway';
import { notFound } from '../domain/errors';

/**
 * Fetches the QR code of a connection from its gateway, or the news that it is connected already; the bridge then
 * looks for itself at once. Throws `not_found`, or what the gateway's refusal means.
 */
export async function showQr({ store, gateway }: Pick<App, 'store' | 'gateway'>, id: string): Promise<QrResult> {
  const connection = (await store.connections.list()).find((row) => row.id === id);
  if (connection === undefined) throw notFound('connection');
  const qr = await gateway(connection.gateway).qr(store.connections.endpointOf(connection));
  if (qr.connected) await store.connections.askProbe({ locationId: connection.location_id }, id);
  return qr;
}
