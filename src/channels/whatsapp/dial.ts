import { buildConnector } from 'undici';
import { at, list } from './json';
import type { NotSentCause, WriteGate } from './writeGate';

const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);
const REFUSALS = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);

/**
 * Returns why a connection did not come to stand. Any failure that is none of the network's own, on a secure
 * connection, is the handshake's: a certificate, a protocol, a peer that hung up in the middle of it.
 */
export function dialCause(error: unknown, secure: boolean): NotSentCause {
  const code = errorCode(error);
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'dns';
  if (TIMEOUTS.has(code)) return 'connect_timeout';
  return secure && !REFUSALS.has(code) ? 'tls' : 'refused';
}

/** Returns the system code of an error, of the first one where several addresses were tried; `` when it has none. */
export function errorCode(error: unknown): string {
  const code = at(error, 'code');
  return typeof code === 'string' ? code : (list(at(error, 'errors')).map(errorCode)[0] ?? '');
}

/**
 * Returns a connector that hands over one connection in its life, and only through the gate. A second dial is refused:
 * the HTTP client makes one when a connection is lost before its answer, and must not get to repeat the request.
 */
export function gatedConnector(gate: WriteGate, connectTimeoutMs: number): buildConnector.connector {
  const dial = buildConnector({ timeout: connectTimeoutMs, allowH2: false, maxCachedSessions: 0 });
  let dialled = false;
  return (options, callback) => {
    if (dialled) {
      callback(new Error('one connection only'), null);
      return;
    }
    dialled = true;
    dial(options, (error, socket) => {
      if (error !== null) gate.shut(dialCause(error, options.protocol === 'https:'));
      else if (!gate.open()) socket.destroy();
      if (error === null && gate.opened) callback(null, socket);
      else callback(new Error('nothing may be written'), null);
    });
  };
}
