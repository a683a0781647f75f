import { createServer } from 'node:net';

/**
 * Returns a TCP port that nobody listens on at 127.0.0.1 just now: `preferred` when it is free, else one the system
 * picks. Somebody may take it before you do, so be ready to ask again.
 */
export async function freePort(preferred = 0): Promise<number> {
  return (await tryPort(preferred)) ?? (await tryPort(0)) ?? Promise.reject(new Error('no free port on 127.0.0.1'));
}

/** Returns whether `port` can be listened on at 127.0.0.1 just now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryPort(port)) !== null;
}

/** Listens for a moment; null when the port is taken or not ours to use. */
function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
