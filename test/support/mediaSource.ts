import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** What a request gets: raw bytes, written one behind the other; then the connection is ended unless it is left open. */
export type Script = (socket: Socket, request: string) => void | Promise<void>;

/** A server of files that says exactly what a test makes it say, also what no honest server would. */
export interface MediaSourceServer {
  /** `http://127.0.0.1:port` */
  url: string;
  host: string;
  /** The heads of all requests so far, and how many connections there were. */
  requests: string[];
  connections(): number;
  /** Serves a path by a script. */
  on(path: string, script: Script): string;
  /** Serves a path with a file, as an honest server does. Returns its address. */
  serve(path: string, body: Buffer | string, headers?: Record<string, string>, status?: string): string;
  close(): Promise<void>;
}

export async function startMediaSource(): Promise<MediaSourceServer> {
  const scripts = new Map<string, Script>();
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.once('data', (bytes: Buffer) => {
      const request = bytes.toString('latin1');
      requests.push(request);
      const path = request.split(' ')[1] ?? '';
      const script = scripts.get(path.split('?')[0]!) ?? notFound;
      void Promise.resolve(script(socket, request)).catch(() => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const on = (path: string, script: Script): string => {
    scripts.set(path, script);
    return `http://${host}${path}`;
  };
  return {
    url: `http://${host}`,
    host,
    requests,
    connections: () => connections,
    on,
    serve: (path, body, headers = {}, status = '200 OK') =>
      on(path, (socket) => {
        socket.write(headOf(status, { 'content-length': String(Buffer.byteLength(body)), ...headers }));
        socket.end(body);
      }),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Returns the head of an answer. */
export function headOf(status: string, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`;
}

function notFound(socket: Socket): void {
  socket.end(headOf('404 Not Found', { 'content-length': '0' }));
}
