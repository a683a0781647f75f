import { writeFileSync } from 'node:fs';
import type { ConnectionView } from '../../http/presenters/connection';
import { OpsError } from '../opsError';
import { renderQr } from '../qrCode';
import { show, type Session } from '../session';

export interface QrOptions {
  connection: string;
  /** File to which the picture is written as well. */
  out?: string;
}

/** A code that nobody scans is dropped by the gateway after 300 s (Waapify API behaviour). */
const GIVE_UP_MS = 300_000;
/** WhatsApp changes the code about this often. */
const NEW_CODE_MS = 20_000;
const LOOK_MS = 2_000;
/** Refusals that pass by themselves. */
const PASSING = new Set(['qr_not_ready', 'gateway_unreachable']);

/** Shows the QR code of a connection, a new one whenever it changes, until the number is connected. */
export async function scanQr(session: Session, options: QrOptions): Promise<void> {
  const giveUpAt = session.now() + GIVE_UP_MS;
  while (session.now() < giveUpAt) {
    if (await showCode(session, options)) return sayConnected(session, options);
    const newCodeAt = session.now() + NEW_CODE_MS;
    while (session.now() < newCodeAt) {
      await session.sleep(LOOK_MS);
      if (await isConnected(session, options.connection)) return sayConnected(session, options);
    }
  }
  throw new OpsError('Nobody scanned the code within 5 minutes. Run the command again when the phone is at hand.');
}

function sayConnected(session: Session, { connection }: QrOptions): void {
  show(session, { connection, connected: true }, () => 'The number is connected.');
}

/** Returns whether there is nothing to scan any more. */
async function showCode(session: Session, { connection, out }: QrOptions): Promise<boolean> {
  const path = `/admin/v1/connections/${encodeURIComponent(connection)}/qr`;
  const answer = await session.admin.get<{ connected: boolean; png?: string }>(path).catch(passing);
  if (answer === null) {
    if (!session.json) session.print('The gateway has no code ready; asking again.');
    return false;
  }
  if (answer.png !== undefined) printCode(session, Buffer.from(answer.png, 'base64'), out);
  return answer.connected;
}

function passing(error: unknown): null {
  if (error instanceof OpsError && PASSING.has(error.code ?? '')) return null;
  throw error;
}

function printCode(session: Session, png: Buffer, out: string | undefined): void {
  if (out !== undefined) writeFileSync(out, png);
  if (session.json) return;
  const code = renderQr(png);
  if (code !== null)
    session.print(`${code}\nOn the phone: WhatsApp, Linked devices, Link a device; then scan this code.`);
  else if (out !== undefined) session.print(`The picture is in ${out}: open and scan it.`);
  else throw new OpsError("The gateway's picture can not be drawn here. Use --out FILE.png and scan it from the file.");
}

async function isConnected({ admin }: Session, id: string): Promise<boolean> {
  const { connections } = await admin.get<{ connections: ConnectionView[] }>('/admin/v1/connections');
  return connections.find((connection) => connection.id === id)?.state === 'connected';
}
