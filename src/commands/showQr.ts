import type { App } from '../app';
import { DomainError } from '../domain/errors';
import type { QrPicture } from '../store/qrPictures';
import { askConnection } from './askConnection';
import { findConnection } from './findConnection';

type ShowApp = Pick<App, 'store' | 'starter' | 'gateway' | 'settings' | 'logger' | 'metrics'>;

/**
 * Returns the QR code of a connection, fresh from its gateway, or null: it is connected already; the bridge then looks
 * for itself at once. The workflow has it fetched; the code itself comes from the store. Throws `not_found`,
 * `connection_unanswered`, or what the gateway's refusal means.
 */
export async function showQr(app: ShowApp, id: string): Promise<QrPicture | null> {
  const connection = await findConnection(app, id);
  const { connected, refusal } = await askConnection(app, connection, 'qr');
  if (refusal !== null) {
    const { code, retry, message, status } = refusal;
    throw new DomainError(code, retry, message, { status });
  }
  if (connected) return null;
  const picture = await app.store.qr.read({ locationId: connection.location_id }, id);
  if (picture !== null) return picture;
  const message = 'The QR code has expired or was scanned meanwhile: ask for another one.';
  throw new DomainError('qr_not_ready', 'later', message, { status: 422 });
}
