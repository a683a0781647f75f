import type { GatewayEndpoint, QrResult } from '../../gateway';
import type { CallResult, WaapifyClient } from '../client';
import { text } from '../json';
import { ladderRow } from '../ladderLookup';
import { callFailure } from './callFailure';

/**
 * Fetches the QR code as a PNG, which some hosts send raw and some as a base64 data URL; a number that is linked
 * already has none. The gateway may take some 10 s for it. Throws DomainError (see callFailure).
 */
export async function fetchQr(client: WaapifyClient, endpoint: GatewayEndpoint): Promise<QrResult> {
  const result = await client.call(endpoint, 'qr', {});
  const png = pngOf(result);
  if (png !== undefined) return { png, connected: false };
  if (saysConnected(result)) return { connected: true };
  throw callFailure(result, endpoint);
}

function pngOf(result: CallResult): Buffer | undefined {
  if (result.kind !== 'answer') return undefined;
  if (result.reply.kind === 'png') return result.reply.png;
  if (result.reply.kind !== 'json') return undefined;
  const encoded = text(result.reply.fields.base64)?.replace(/^data:[^,]*,/, '') ?? '';
  const png = Buffer.from(encoded, 'base64');
  return png.length > 0 ? png : undefined;
}

/** The words come with either status, `success` or `error` (observed). */
function saysConnected(result: CallResult): boolean {
  if (result.kind !== 'answer' || result.reply.kind !== 'json') return false;
  const said = text(result.reply.fields.message) ?? '';
  return ladderRow({ text: said, relogin: false })?.code === 'already_connected';
}
